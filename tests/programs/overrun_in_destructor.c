#include <stdlib.h>

static volatile char sink;
static char *block;

static void __attribute__((destructor)) overrun(void) { sink = block[16]; }

int main(void) {
  block = malloc(16);
  return 0;
}
