#include <stdlib.h>

const char *fencepost_default_suppressions(void) { return "heap-buffer-overflow function=overrun\nnonsense\n"; }

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  char *block = malloc(16);
  overrun(block);
  free(block);
  free(block);
  return 0;
}
