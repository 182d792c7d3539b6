#include <stdlib.h>

static void release(char *block) { free(block); }

int main(void) {
  char *block = malloc(24);
  release(block);
  block[3] = 7;
  for (int i = 0; i < 64; ++i) release(malloc(8));
  _Exit(0);
}
