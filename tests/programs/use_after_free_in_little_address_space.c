#include <stdlib.h>

static volatile char sink;

static void use(const char *block) { sink = block[5]; }

int main(void) {
  for (int i = 0; i < 100000; ++i) free(malloc(48));
  char *block = malloc(48);
  free(block);
  for (int i = 0; i < 1000; ++i) free(malloc(48));
  use(block);
  return 0;
}
