#include <stdlib.h>

static long table[10];

static void release(void *pointer) { free(pointer); }

int main(void) {
  release(&table[3]);
  return 0;
}
