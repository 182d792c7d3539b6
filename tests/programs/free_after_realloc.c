#include <stdlib.h>

static void release(void *block) { free(block); }

int main(void) {
  char *block = malloc(48);
  if (realloc(block, 480) == NULL) return 1;
  release(block);
  return 0;
}
