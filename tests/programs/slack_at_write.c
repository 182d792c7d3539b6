#include <stdlib.h>

static void scribble(char *byte) { *byte = 1; }

static void release(char *block) { free(block); }

int main(void) {
  char *block = malloc(4090);
  scribble(block + 4095);
  release(block);
  return 0;
}
