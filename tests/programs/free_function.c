#include <stdlib.h>

static void release(void *pointer) { free(pointer); }

int main(void) {
  release((void *)main);
  return 0;
}
