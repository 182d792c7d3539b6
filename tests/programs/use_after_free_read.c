#include <stdlib.h>

static volatile char sink;

static char *make_block(void) { return malloc(48); }

static void release(char *block) { free(block); }

static void use(const char *block) { sink = block[5]; }

int main(void) {
  char *block = make_block();
  release(block);
  use(block);
  return 0;
}
