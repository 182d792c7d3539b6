#include <stdlib.h>

static volatile char sink;

static void use(const char *block) { sink = block[16 + 3]; }

int main(void) {
  char *block = malloc(16);
  free(block);
  use(block);
  return 0;
}
