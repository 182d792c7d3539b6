#include <stdlib.h>

static volatile char sink;

static char *make_block(void) { return malloc(16); }

static void overrun(char *block) { sink = block[16]; }

int main(void) {
  overrun(make_block());
  return 0;
}
