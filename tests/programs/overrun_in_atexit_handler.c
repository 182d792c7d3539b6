#include <stdlib.h>

static volatile char sink;
static char *block;

static void overrun(void) { sink = block[16]; }

int main(void) {
  block = malloc(16);
  atexit(overrun);
  return 0;
}
