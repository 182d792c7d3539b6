#include <stdlib.h>

static void grow(void *block) { block = realloc(block, 480); }

int main(void) {
  char *block = malloc(48);
  free(block);
  grow(block);
  return 0;
}
