# Configure and build a small project: compilers are tried, generators run, make and gcc below.
program cmake cmake
program make make
program gcc gcc

make_input() {
  mkdir project
  cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.20)
project(small LANGUAGES C)
add_library(part STATIC part.c)
add_executable(whole whole.c)
target_link_libraries(whole PRIVATE part)
foreach(n RANGE 200)
  string(REGEX REPLACE "([0-9]+)" "<\\1>" text "item ${n}")
  list(APPEND items ${text})
endforeach()
list(LENGTH items count)
string(SHA256 hash "${items}")
message(STATUS "${count} ${hash}")
message(WARNING "to standard error")
CMAKE
  echo 'int part(void) { return 42; }' >project/part.c
  printf '#include <stdio.h>\nint part(void);\nint main(void) { printf("%%d\\n", part()); return 0; }\n' >project/whole.c
}

steps() {
  run configure cmake -S project -B build -G 'Unix Makefiles'
  run build cmake --build build
  check program build/whole
  run script cmake -E sha256sum project/part.c
  fails error
  run error cmake -S nowhere -B other
}

normalize() { sed -E 's/\([0-9.]+s\)//'; }
