# Two compressing threads, and back.
program xz xz-utils

make_input() { seq 1 1500000 >numbers; }

steps() {
  run compress xz -T2 -k --block-size=2MiB numbers
  check compressed sha256sum numbers.xz
  run list xz --list numbers.xz
  run decompress xz -T2 -dc numbers.xz
  fails broken
  run broken bash -c 'head -c 100000 numbers.xz | xz -dc | sha256sum; exit "${PIPESTATUS[1]}"'
}
