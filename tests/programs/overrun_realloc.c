#include <stdlib.h>

static void overrun(char *block) { block[32] = 1; }

int main(void) {
  char *block = malloc(160);
  overrun(realloc(block, 32));
  return 0;
}
