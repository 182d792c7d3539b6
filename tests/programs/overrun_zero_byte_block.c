#include <stdlib.h>

static void overrun(char *block) { block[0] = 1; }

int main(void) {
  overrun(malloc(0));
  return 0;
}
