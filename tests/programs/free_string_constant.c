#include <stdlib.h>

static void release(void *pointer) { free(pointer); }

int main(void) {
  release("constant");
  return 0;
}
