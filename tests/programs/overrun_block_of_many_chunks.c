#include <stdlib.h>

static void overrun(char *block) { block[10 << 20] = 1; }

int main(void) {
  overrun(malloc(10 << 20));
  return 0;
}
