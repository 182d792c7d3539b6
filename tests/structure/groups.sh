#!/usr/bin/env bash
# groups.sh <test program> <group>...: each test of the program is in a group that CTest runs, and each tag is a group.
set -euo pipefail
export LC_ALL=C
program=$1
shift

# With lists, Catch's exit status is their length.
tags=$({ "$program" --list-tags || true; } | sed -n 's/^ *[0-9]* *\[\(.*\)\]$/\1/p' | sort)
[ -n "$tags" ] || { echo "$program lists no tags" >&2; exit 1; }
diff -u --label "groups that CTest runs" --label "tags of ${program##*/}" <(printf '%s\n' "$@" | sort) <(echo "$tags")

others=$("$program" --list-test-names-only "$(printf '~[%s]' "$@")" || true)
[ -z "$others" ] || { printf 'tests of no group:\n%s\n' "$others" >&2; exit 1; }
