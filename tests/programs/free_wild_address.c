#include <stdlib.h>

static void release(void *pointer) { free(pointer); }

int main(void) {
  release((void *)0x123450);
  return 0;
}
