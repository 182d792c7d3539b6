#include <stdlib.h>

static void release(void *pointer) { free(pointer); }

int main(void) {
  long local = 0;
  release(&local);
  return 0;
}
