#include <stdlib.h>

static volatile char sink;

static void use(const char *block) { sink = block[600000]; }

int main(void) {
  char *block = malloc(1000001);
  free(block);
  use(block);
  return 0;
}
