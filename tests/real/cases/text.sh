# The everyday text tools, on some thousand lines.
program grep grep
program sort coreutils
program find findutils
program awk mawk
program sed sed

make_input() {
  awk 'BEGIN { for (i = 0; i < 40000; ++i) printf "%d line %d of the file %x\n", i * 7919 % 40009, i, i * 2654435761 % 4294967296 }' >lines
  mkdir -p tree/{a,b,c}/{1..5}
  local directory
  for directory in tree/*/*; do split -n l/8 lines "$directory/"; done
}

steps() {
  run cat bash -c 'cat lines - <lines | sha256sum'
  run sort sort -n lines
  run sort-buffer sort -S 1M --parallel=2 -k 7 -u lines
  run grep grep -En '(12|34)[0-9]+ .*(ab|cd)c?$' lines
  run grep-tree grep -rlF --include='a[a-d]' 'line 5000 ' tree
  run grep-pcre grep -cP '(?<=line )\d{3}\b(?! of the text)' lines
  run find find tree -type f -name 'a[abc]' -size -300k -newer tree -o -type d -printf '%p %y\n'
  run find-exec find tree/a -type f -exec wc -c {} +
  run awk awk '{ n[substr($1, 1, 2)] += $3; s = s substr($7, 1, 1) } END { for (k in n) print k, n[k] | "sort"; close("sort"); print length(s) }' lines
  run sed sed -nE '/00 /{s/([0-9]+) line ([0-9]+)/\2:\1/;h;G;p}' lines
  run join bash -c 'join <(sort lines) <(sort -r lines | sort) | cut -d" " -f1-3 | uniq -c | tail -n 5; comm -12 <(sort lines) <(sort lines) | wc -l'
  run tools bash -c 'tr a-z A-Z <lines | tac | head -n 3; shuf -n 2 --random-source=lines lines; od -c lines | tail -n 2; fold -w 30 lines | pr -2 | tail -n 3; ls -lR tree | wc -l; du -s --apparent-size tree/a; expr 3 \* 4; date -d @0; factor 123456789012'
  fails errors
  run errors bash -c 'cat absent; sort --wrong; grep "[" lines; find absent; awk "{"'
}

# The order of a directory is the file system's.
normalize() {
  case $1 in
    find* | grep-tree) sort ;;
    *) cat ;;
  esac
}
