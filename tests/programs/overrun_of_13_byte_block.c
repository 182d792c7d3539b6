#include <stdlib.h>

static void overrun(char *block) { block[13] = 1; }

int main(void) {
  char *block = malloc(13);
  overrun(block);
  free(block);
  return 0;
}
