#include <stdlib.h>

static void underrun(char *block) { block[-1] = 1; }

int main(void) {
  underrun(malloc(4096));
  return 0;
}
