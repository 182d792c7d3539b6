# Some megabytes of JSON: parse, transform, group, print.
program jq jq

make_input() {
  awk 'BEGIN {
    print "["
    for (i = 0; i < 12000; ++i)
      printf "%s{\"id\": %d, \"name\": \"item %d\", \"tags\": [\"a%d\", \"b%d\"], \"at\": {\"x\": %.3f, \"y\": null}}\n", i ? "," : "", i, i, i % 10, i % 7, i / 7
    print "]"
  }' >items.json
  seq 1 20000 >numbers.json
}

steps() {
  run length jq 'length' items.json
  meets_limit length
  run group jq -c 'group_by(.tags[0])[] | {tag: .[0].tags[0], n: length, x: (map(.at.x) | add)}' items.json
  run stream jq -c 'select(. % 1000 == 0) | {n: ., s: tostring}' numbers.json
  fails error
  run error jq '.[0].id.nothing' items.json
}
