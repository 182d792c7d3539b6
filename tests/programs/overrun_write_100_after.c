#include <stdlib.h>

static void overrun(char *block) { block[48 + 100] = 1; }

int main(void) {
  overrun(malloc(48));
  return 0;
}
