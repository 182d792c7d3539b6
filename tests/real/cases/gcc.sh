# The C compiler, assembler and linker: the same object code, the same messages, a program that works.
program gcc gcc
program as binutils

make_input() {
  cat >queens.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <pthread.h>
#include <regex.h>
static int place(unsigned row, unsigned n, unsigned columns, unsigned left, unsigned right) {
  if (row == n) return 1;
  int found = 0;
  for (unsigned free = ~(columns | left | right) & ((1u << n) - 1); free != 0; free &= free - 1) {
    const unsigned bit = free & -free;
    found += place(row + 1, n, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return found;
}
int main(void) {
  for (unsigned n = 1; n <= 8; ++n) printf("%u queens: %d\n", n, place(0, n, 0, 0, 0));
  return 0;
}
C
  printf 'int main(void) { int unused; return "text"; }\nint twice(int x) { return y; }\n' >broken.c
}

steps() {
  run compile gcc -O2 -g -Wall -c queens.c -o queens.o
  check object sha256sum queens.o
  run assembly gcc -O3 -S -march=x86-64-v3 queens.c -o -
  run link gcc queens.o -o queens
  check program ./queens
  fails errors
  run errors gcc -Wall -Wextra -c broken.c
}
