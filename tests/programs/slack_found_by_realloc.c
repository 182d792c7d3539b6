#include <stdlib.h>

static char *grow(char *block) { return realloc(block, 480); }

int main(void) {
  char *block = malloc(13);
  block[13] = 1;
  return grow(block) == NULL;
}
