#!/usr/bin/env bash
# fuzz.sh <build of the fuzz targets> <target> [option of libFuzzer's]...
#
# Fuzzes one target. It starts from seeds/<target>; what it finds beyond them goes to FENCEPOST_FUZZ_CORPUS/<target>
# if that is set, and else is forgotten. An input that fails is left in the current directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1 target=$2
shift 2

if [ -n "${FENCEPOST_FUZZ_CORPUS:-}" ]; then
  corpus=$FENCEPOST_FUZZ_CORPUS/$target
  mkdir -p "$corpus"
else
  corpus=$(mktemp -d)
  trap 'rm -rf "$corpus"' EXIT
fi
seeds=()
[ -d "$here/seeds/$target" ] && seeds=("$here/seeds/$target")
dictionary=()
[ -f "$here/seeds/$target.dict" ] && dictionary=("-dict=$here/seeds/$target.dict")
"$build/fuzz_$target" -timeout=20 -print_final_stats=1 "${dictionary[@]}" "$@" "$corpus" "${seeds[@]}"
