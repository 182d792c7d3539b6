#include <stdlib.h>

static void release(char *block) { free(block); }

/* The first byte of the page, 4,080 bytes before the block, and one in between. */
int main(void) {
  char *block = malloc(16);
  block[-4080] = 1;
  block[-100] = 2;
  release(block);
  return 0;
}
