#include <stdlib.h>

static void underrun(char *block) { block[-1] = 1; }

int main(void) {
  char *block = malloc(16);
  underrun(block);
  free(block);
  return 0;
}
