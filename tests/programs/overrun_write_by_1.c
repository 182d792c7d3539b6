#include <stdlib.h>

static char *make_block(void) { return malloc(16); }

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  overrun(make_block());
  return 0;
}
