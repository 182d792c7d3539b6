#include <stdlib.h>

static void release(char *block) { free(block); }

int main(void) {
  char *block = malloc(13);
  block[13] = 1;
  release(block);
  return 0;
}
