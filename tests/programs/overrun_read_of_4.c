#include <stdlib.h>

static volatile int sink;

static void overrun(int *table) { sink = table[12]; }

int main(void) {
  overrun(malloc(12 * sizeof(int)));
  return 0;
}
