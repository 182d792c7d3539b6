#include <malloc.h>

static void overrun(char *block) { block[4096] = 1; }

int main(void) {
  overrun(valloc(4096));
  return 0;
}
