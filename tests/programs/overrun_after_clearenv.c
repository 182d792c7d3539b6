#define _GNU_SOURCE
#include <stdlib.h>

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  clearenv();
  overrun(malloc(16));
  return 0;
}
