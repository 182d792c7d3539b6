#!/usr/bin/env bash
# check.sh README PROGRAM [LIBRARY]: runs PROGRAM, with LIBRARY preloaded if there is one, and compares what
# it writes to standard error with the block marked ```report in README. What differs from machine to machine
# and between the flavours is left out of the comparison: addresses, process ids, paths, the program's name,
# the frames of libc's own start-up, and which of two equal constructors a symbol table names first.
set -u
readme=$1 program=$2 library=${3:-}

normalize() {
  sed -E -e '/libc\.so|ld-linux|_start/d' \
    -e 's/==[0-9]+==/==PID==/' \
    -e 's/0x[0-9a-f]+/ADDR/g' \
    -e 's/-static//g' \
    -e 's#\([^ ()]*/#(#' \
    -e 's#(thread T[0-9]+) \([^)]*\)#\1#' \
    -e 's/([CD])[12]E/\1E/' \
    -e '/^$/d'
}

expected=$(awk '/^```report$/ {on = 1; next} /^```$/ {on = 0} on' "$readme" | normalize)
if [ -n "$library" ]; then
  actual=$(LD_PRELOAD=$library FENCEPOST_OPTIONS=verbosity=0 "$program" 2>&1 >/dev/null | normalize)
else
  actual=$(FENCEPOST_OPTIONS=verbosity=0 "$program" 2>&1 >/dev/null | normalize)
fi
diff <(echo "$expected") <(echo "$actual") && echo "the report is the one in $readme"
