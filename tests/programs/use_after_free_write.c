#include <stdlib.h>

static void release(char *block) { free(block); }

static void use(char *block) { block[0] = 1; }

int main(void) {
  char *block = malloc(48);
  release(block);
  use(block);
  return 0;
}
