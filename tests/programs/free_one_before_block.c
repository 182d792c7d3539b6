#include <stdlib.h>

static void release(char *block) { free(block - 1); }

int main(void) {
  release(malloc(48));
  return 0;
}
