# Some megabytes of XML: parse, validate, XPath, format, and a broken document.
program xmllint libxml2-utils

make_input() {
  awk 'BEGIN {
    print "<?xml version=\"1.0\"?>\n<!DOCTYPE list [<!ELEMENT list (item*)><!ELEMENT item (#PCDATA)><!ATTLIST item id CDATA #REQUIRED>]>\n<list>"
    for (i = 0; i < 8000; ++i) printf "<item id=\"i%d\">text %d &amp; more, and some longer text that fills the file &lt;%d&gt; until it has a megabyte or so</item>\n", i, i * 31, i
    print "</list>"
  }' >list.xml
  head -c 50000 list.xml >broken.xml
}

steps() {
  run valid xmllint --noout --valid list.xml
  meets_limit valid
  run xpath xmllint --xpath 'count(//item[contains(., "99")]) + string-length(//item[@id="i77"])' list.xml
  run format xmllint --format list.xml
  run stream xmllint --stream --noout list.xml
  fails broken
  run broken xmllint --noout broken.xml
  run recover xmllint --recover broken.xml
}
