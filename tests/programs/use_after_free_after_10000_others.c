#include <stdlib.h>

static volatile char sink;

static void use(const char *block) { sink = block[0]; }

int main(void) {
  char *block = malloc(48);
  free(block);
  for (int i = 0; i < 10000; ++i) free(malloc(48));
  use(block);
  return 0;
}
