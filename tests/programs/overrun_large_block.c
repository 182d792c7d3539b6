#include <stdlib.h>

/* 1,000,001 rounds up to 1,000,016, a multiple of 16: the fence begins 15 bytes after the block. */
static void overrun(char *block) { block[1000001 + 15] = 1; }

int main(void) {
  overrun(malloc(1000001));
  return 0;
}
