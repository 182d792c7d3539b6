#!/usr/bin/env bash
# undefined_symbols.sh <shared library> <allow-list> <signal-side object>...
#
# What the runtime needs from others: listed, from libc alone, and of libc nothing on the signal side that
# allocates, locks, formats or reads the locale.
set -euo pipefail
export LC_ALL=C
library=$1
allowed=$2
shift 2
failed=0

complain() {
  echo "$1" >&2
  failed=1
}

# Symbol and kind: U must be there, w and v may be missing.
needs=$(nm -D -u "$library" | awk '{ sub(/@.*/, "", $2); print $2, $1 }')
[ -n "$needs" ] || complain "$library: nm finds no undefined symbols"
listed=$(sed 's/#.*//' "$allowed" | awk 'NF { print $1, $2 }')

while read -r symbol kind; do
  rule=$(awk -v symbol="$symbol" '$1 == symbol { print "listed", $2 }' <<< "$listed")
  case $rule in
    "") complain "$symbol: needed, but not listed in $allowed" ;;
    "listed weak") [ "$kind" != U ] || complain "$symbol: must be weak" ;;
  esac
  case $symbol in
    _ZSt15get_new_handlerv | _ZSt17__throw_bad_allocv | _ZSt28__throw_bad_array_new_lengthv) [ "$kind" != U ] || complain "$symbol: must be weak" ;;
    _Z* | __gxx_* | __cxa_[!f]* | _Unwind_*) complain "$symbol: belongs to the C++ runtime" ;;
  esac
done <<< "$needs"

while read -r needed; do
  case $needed in
    libc.so.6 | ld-linux-x86-64.so.2 | ld-linux-aarch64.so.1) ;;
    *) complain "$library: needs $needed" ;;
  esac
done < <(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')

# Not async-signal-safe, or through the allocator that we are.
unsafe='malloc|calloc|realloc|reallocarray|free|posix_memalign|aligned_alloc|memalign|strn?dup'
unsafe+='|(__)?v?(as|d|f|s|sn|w)?printf(_chk)?|perror|f?puts?|f?putc|putchar|f(open|close|read|write|flush|gets)|std(in|out|err)'
unsafe+='|strerror.*|setlocale|newlocale|localeconv|d?c?n?gettext|strftime|localtime.*|syslog'
unsafe+='|pthread_(mutex|cond|rwlock|spin|once|key|setspecific|getspecific|create).*|sem_.*'
unsafe+='|(secure_)?getenv|setenv|putenv|backtrace.*|dladdr|dlopen|abort|exit|atexit|__cxa_.*|_Z(nw|na|dl|da|St).*'
[ $# -gt 0 ] || complain "no objects given"
for object in "$@"; do
  while read -r symbol; do
    # operator new finds these in the program, if it has them.
    [[ $object = */cxx_runtime.cpp.o && $symbol = _ZSt[12][578]* ]] && continue
    complain "${object##*/}: $symbol may not be called from a signal handler"
  done < <(nm -u "$object" | awk '{ print $NF }' | grep -xE "$unsafe" || true)
done

exit "$failed"
