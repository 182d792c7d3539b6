#define _GNU_SOURCE
#include <stdlib.h>

static void overrun(int *table) { table[8] = 1; }

int main(void) {
  overrun(reallocarray(NULL, 8, sizeof(int)));
  return 0;
}
