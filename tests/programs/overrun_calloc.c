#include <stdlib.h>

static volatile int sink;

static void overrun(int *table) { sink = table[8]; }

int main(void) {
  overrun(calloc(8, sizeof(int)));
  return 0;
}
