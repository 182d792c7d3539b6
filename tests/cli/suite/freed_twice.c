#include <stdlib.h>

static void discard(void *block) { free(block); }

int main(void) {
  void *block = malloc(100);
  discard(block);
  discard(block);
  return 0;
}
