#!/usr/bin/env bash
# include_table.sh <src folder>
#
# The floors of the house, as the fencepost_floor calls in CMakeLists.txt say them, held against every #include,
# against the files that are there, and against the table in README.md.
set -euo pipefail
src=${1%/}
export LC_ALL=C
failed=0

complain() {
  echo "$1" >&2
  failed=1
}

# folder <tab> floor <tab> tower <tab> context <tab> what it may include
floors() {
  sed 's/#.*//' "$src/CMakeLists.txt" | awk -v RS='fencepost_floor[(]' -v OFS='\t' '
    NR > 1 {
      split("", value)
      match($0, /CONTEXT *"[^"]*"/)
      context = substr($0, RSTART, RLENGTH)
      gsub(/CONTEXT *"|"/, "", context)
      sub(/CONTEXT *"[^"]*"/, "")
      sub(/[)].*/, "")
      keyword = ""
      for (i = 2; i <= NF; ++i) {
        if ($i ~ /^[A-Z_]+$/) keyword = $i
        else value[keyword] = value[keyword] (value[keyword] == "" ? "" : " ") $i
      }
      print $1, value["FLOOR"], value["TOWER"], context, value["MAY_INCLUDE"]
    }'
}

# The same but for the tower, from the rows "| floor | folder | runs in | may include |".
readme_rows() {
  awk -F'|' -v OFS='\t' '
    function trim(text) { gsub(/^ +| +$|–/, "", text); return text }
    NF >= 6 && $2 ~ /^ *[0-9]+ *$/ { print trim($3), trim($2), trim($4), trim($5) }' "$src/README.md"
}

table=$(mktemp)
trap 'rm -f "$table"' EXIT
floors > "$table"
[ -s "$table" ] || complain "$src/CMakeLists.txt: no fencepost_floor found"

# Every file has its floor, and every source is built.
while IFS= read -r file; do
  name=${file##*/}
  folder=${file%%/*}
  case $file in
    README.md | CMakeLists.txt | *.[1-8] | *.[1-8].in) continue ;;
    */*) ;;
    *) complain "$src/$file: belongs to no floor"; continue ;;
  esac
  cut -f1 "$table" | grep -qx "$folder" || complain "$src/$file: belongs to no floor"
  case $name in
    *.h | *.inc | *.md | exports.map) ;;
    *.cpp) grep -qwF "$name" "$src/CMakeLists.txt" || complain "$src/$file: is not built" ;;
    *) complain "$src/$file: is no kind of file that a floor has" ;;
  esac
done < <(cd "$src" && find . -type f | sed 's|^\./||' | sort)

# Every #include is allowed.
find "$src" -mindepth 2 -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.inc' \) -print0 | sort -z |
  xargs -0 -r awk -v root="$src/" -v table="$table" '
    function complain(text) { print FILENAME ":" FNR ": " text > "/dev/stderr"; failed = 1 }
    BEGIN {
      while ((getline row < table) > 0) {
        split(row, column, "\t")
        tower[column[1]] = column[3]
        allowed[column[1]] = " " column[1] " " column[5] " "
      }
      split("iostream string vector map functional memory stdexcept mutex thread", names, " ")
      for (i in names) forbidden["<" names[i] ">"] = 1
      # What a signal handler may see of the metadata: views and tables that it reads without locks.
      split("heap_view thread_table trace_depot", names, " ")
      for (i in names) view["metadata/" names[i] ".h"] = 1
    }
    /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
      match($0, /[<"][^>"]*[>"]/)
      name = substr($0, RSTART, RLENGTH)
      folder = substr(FILENAME, length(root) + 1)
      sub("/.*", "", folder)
      if (name ~ /^</) {
        if (tower[folder] != "tool" && name in forbidden) complain(folder " runs inside the program: no " name)
        next
      }
      gsub(/"/, "", name)
      other = name
      sub("/.*", "", other)
      if (other == "fencepost") next
      if (!index(allowed[folder], " " other " ")) complain(folder " may not include " name)
      if (folder == "fault" && other == "metadata" && !(name in view)) complain("fault sees only views: not " name)
    }
    END { exit failed }' || failed=1

# README.md says the same.
if [ -f "$src/README.md" ] && [ -n "$(readme_rows)" ]; then
  diff --label CMakeLists.txt --label README.md -u <(cut -f1,2,4,5 "$table" | sort) <(readme_rows | sort) >&2 ||
    complain "$src/README.md: its table is not what CMakeLists.txt says"
fi

exit "$failed"
