#include <stdlib.h>

static volatile char sink;

static void __attribute__((constructor)) overrun(void) {
  char *block = malloc(16);
  sink = block[16];
}

int main(void) { return 0; }
