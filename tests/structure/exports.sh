#!/usr/bin/env bash
# exports.sh <shared library> <version script>: the library defines what the script lists, and nothing else.
set -euo pipefail
export LC_ALL=C
library=$1
map=$2

listed=$(sed 's/#.*//' "$map" | tr '\n' ' ' | sed 's/.*global:\(.*\)local:.*/\1/' | tr -d ' ' | tr ';' '\n' | sed '/^$/d' | sort)
defined=$(nm -D --defined-only "$library" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u)
[ -n "$listed" ] || { echo "$map lists nothing" >&2; exit 1; }
diff --label "$map" --label "$library" -u <(echo "$listed") <(echo "$defined")
