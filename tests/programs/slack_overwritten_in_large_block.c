#include <stdlib.h>

static void release(char *block) { free(block); }

int main(void) {
  char *block = malloc(1000001);
  block[1000001] = 1;
  block[1000003] = 2;
  release(block);
  return 0;
}
