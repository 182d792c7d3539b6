#include <stdlib.h>

static volatile char sink;

static void use(const char *block) { sink = block[1]; }

int main(void) {
  char *block = malloc(48);
  if (realloc(block, 0) != NULL) return 1;
  use(block);
  return 0;
}
