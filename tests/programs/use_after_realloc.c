#include <stdlib.h>

static void use(char *block) { block[10] = 1; }

int main(void) {
  char *block = malloc(48);
  if (realloc(block, 24) == NULL) return 1;
  use(block);
  return 0;
}
