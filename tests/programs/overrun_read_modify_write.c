#include <stdlib.h>

static void overrun(int *table) { table[4] += 1; }

int main(void) {
  overrun(malloc(4 * sizeof(int)));
  return 0;
}
