# Archives of many small files: create, list, compare, extract, through gzip.
program tar tar
program gzip gzip

make_input() {
  local n
  mkdir -p tree/{0..9}
  for n in {1..1000}; do
    seq "$n" $((n * 2)) >"tree/$((n % 10))/file $n"
  done
  ln -s 'file 10' tree/0/link
  ln 'tree/0/file 20' tree/0/hard
  touch -d @1700000000 tree/*/* tree/* tree
}

steps() {
  run create tar --sort=name --owner=0 --group=0 --numeric-owner -cf all.tar tree
  check archive sha256sum all.tar
  run list tar -tvf all.tar
  run compare tar -df all.tar
  run gzip tar -czf all.tar.gz --sort=name tree
  run extract bash -c 'mkdir out && tar -xzf all.tar.gz -C out'
  check extracted diff -r tree out/tree
  fails damaged
  run damaged bash -c 'head -c 300000 all.tar | tar -tf - | sha256sum; exit "${PIPESTATUS[1]}"'
}
