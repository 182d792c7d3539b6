#include <stdlib.h>

static volatile char sink;

static void underrun(const char *block) { sink = block[-1]; }

int main(void) {
  char *block = malloc(16);
  underrun(block);
  free(block);
  return 0;
}
