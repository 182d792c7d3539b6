#include <stdlib.h>

static void overrun(char *block) { block[128] = 1; }

int main(void) {
  overrun(aligned_alloc(64, 128));
  return 0;
}
