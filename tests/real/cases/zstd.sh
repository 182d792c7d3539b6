# Two compressing threads, a dictionary, and back.
program zstd zstd

make_input() {
  seq 1 3000000 >numbers
  mkdir samples
  seq 1 20000 | split -l 100 - samples/
}

steps() {
  run compress zstd -q -T2 -12 -k numbers
  check compressed sha256sum numbers.zst
  run decompress zstd -q -T2 -dc numbers.zst
  run train zstd -q --train samples/* -o dictionary
  run dictionary bash -c 'zstd -q -D dictionary samples/aa -c | zstd -q -D dictionary -d'
  fails broken
  run broken bash -c 'head -c 100000 numbers.zst | zstd -qdc | sha256sum; exit "${PIPESTATUS[1]}"'
}
