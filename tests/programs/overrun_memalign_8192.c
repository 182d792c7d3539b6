#include <malloc.h>

static void overrun(char *block) { block[8192] = 1; }

int main(void) {
  overrun(memalign(8192, 8192));
  return 0;
}
