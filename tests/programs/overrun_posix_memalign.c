#include <stdlib.h>

static void overrun(char *block) { block[96] = 1; }

int main(void) {
  void *block = NULL;
  if (posix_memalign(&block, 32, 96) != 0) return 1;
  overrun(block);
  return 0;
}
