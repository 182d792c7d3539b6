#include <stdlib.h>

static long variable;

static void release(void *pointer) { free(pointer); }

int main(void) {
  release(&variable);
  return 0;
}
