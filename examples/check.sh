#!/usr/bin/env bash
# check.sh README BLOCK COMMAND...: runs COMMAND from the root of the repository and compares what it writes to standard
# error with the block marked ```BLOCK in README. What differs from machine to machine, from compiler to compiler and
# between the flavours is left out of the comparison: addresses, process ids, paths, the program's name, the instruction,
# the frames of libc's own start-up, and which of two equal constructors a symbol table names first.
set -u
readme=$1 block=$2
shift 2
cd "$(dirname "$0")/.." || exit 1

normalize() {
  sed -E -e '/libc\.so|ld-linux|_start/d' \
    -e 's/^( +\()[0-9]+( frames of the program.s start\))/\1N\2/' \
    -e 's/^(instruction: ).*/\1/' \
    -e 's/==[0-9]+==/==PID==/' \
    -e 's/0x[0-9a-f]+/ADDR/g' \
    -e 's/ {2,}/  /g' \
    -e 's/-static//g' \
    -e 's#\([^ ()]*/#(#' \
    -e 's#(thread T[0-9]+) \([^)]*\)#\1#' \
    -e 's/([CD])[12]E/\1E/' \
    -e '/^$/d'
}

expected=$(awk -v begin='```'"$block" '$0 == begin {on = 1; next} /^```$/ {on = 0} on' "$readme" | normalize)
actual=$(FENCEPOST_OPTIONS="verbosity=0:${FENCEPOST_OPTIONS:-}" "$@" 2>&1 >/dev/null | normalize)
diff <(echo "$expected") <(echo "$actual") && echo "the report is the one in $readme"
