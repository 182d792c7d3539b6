#include <stdlib.h>

static void release(char *block) { free(block); }

/* No placement has a fence there: the block must be aligned. */
int main(void) {
  char *block = aligned_alloc(64, 13);
  block[13] = 1;
  release(block);
  return 0;
}
