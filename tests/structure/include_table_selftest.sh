#!/usr/bin/env bash
# include_table_selftest.sh <include_table.sh>: shows it small houses with one thing wrong each.
set -euo pipefail
check=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# A house in order.
build_house() {
  rm -rf "$scratch/src"
  mkdir -p "$scratch/src"/{base,metadata,heap,fault,cli}
  cd "$scratch/src"
  cat > CMakeLists.txt <<'HOUSE'
fencepost_floor(base FLOOR 0 TOWER ground CONTEXT "anywhere" SOURCES a.cpp)  # not b.cpp (never)
fencepost_floor(metadata FLOOR 2 TOWER runtime CONTEXT "malloc; its view: signal" MAY_INCLUDE base
  SOURCES m.cpp)
fencepost_floor(heap FLOOR 3 TOWER runtime CONTEXT "malloc (any thread)" MAY_INCLUDE base metadata SOURCES h.cpp)
fencepost_floor(fault FLOOR 4 TOWER runtime CONTEXT "signal" MAY_INCLUDE base metadata SOURCES f.cpp)
fencepost_floor(cli FLOOR 4 TOWER tool CONTEXT "tool" MAY_INCLUDE base SOURCES c.cpp)
add_executable(tool cli/main.cpp)
HOUSE
  cat > README.md <<'HOUSE'
| floor | folder | runs in | may include |
|--:|---|---|---|
| 0 | base | anywhere | – |
| 2 | metadata | malloc; its view: signal | base |
| 3 | heap | malloc (any thread) | base metadata |
| 4 | fault | signal | base metadata |
| 4 | cli | tool | base |
HOUSE
  echo '#include "base/a.h"' | tee base/a.cpp metadata/m.cpp cli/main.cpp > /dev/null
  echo '#include <cstddef>' > base/a.h
  printf '#include "heap/h.h"\n#include "metadata/page_arena.h"\n' > heap/h.cpp
  printf '#include "metadata/heap_view.h"\n' > fault/f.cpp
  printf '#include <string>\n#include <vector>\n' > cli/c.cpp
  cd "$scratch"
}

# refuses <what it must say>: after a change.
refuses() {
  if "$check" src > output 2>&1; then
    echo "not refused: $1"
    failed=1
  elif ! grep -qF "$1" output; then
    echo "refused, but not by: $1"
    cat output
    failed=1
  fi
  build_house
}

build_house
"$check" src || { echo "a house in order is refused"; failed=1; }

echo '#include "heap/h.h"' >> src/metadata/m.cpp
refuses 'src/metadata/m.cpp:2: metadata may not include heap/h.h'
echo '  #  include "heap/h.h"' > src/base/a.h
refuses 'src/base/a.h:1: base may not include heap/h.h'
echo '#include "h.h"' >> src/heap/h.cpp
refuses 'heap may not include h.h'
echo '#include "metadata/page_arena.h"' >> src/fault/f.cpp
refuses 'src/fault/f.cpp:2: fault sees only views: not metadata/page_arena.h'
echo '#include <string>' >> src/heap/h.cpp
refuses 'src/heap/h.cpp:3: heap runs inside the program: no <string>'
echo '#include <mutex>' >> src/base/a.h
refuses 'src/base/a.h:2: base runs inside the program: no <mutex>'
mkdir src/attic && touch src/attic/old.h
refuses 'src/attic/old.h: belongs to no floor'
touch src/notes.txt
refuses 'src/notes.txt: belongs to no floor'
touch src/heap/forgotten.cpp
refuses 'src/heap/forgotten.cpp: is not built'
touch src/heap/h.orig
refuses 'src/heap/h.orig: is no kind of file'
sed -i 's/| base metadata |/| base |/' src/README.md
refuses 'src/README.md: its table is not what CMakeLists.txt says'
sed -i '/cli/d' src/README.md
refuses 'src/README.md: its table is not what CMakeLists.txt says'
sed -i 's/| 2 | metadata/| 1 | metadata/' src/README.md
refuses 'src/README.md: its table is not what CMakeLists.txt says'
echo > src/CMakeLists.txt
refuses 'no fencepost_floor found'

exit "$failed"
