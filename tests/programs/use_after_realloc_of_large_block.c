#include <stdlib.h>

static void use(char *block) { block[1500000] = 1; }

int main(void) {
  char *block = malloc(2000000);
  char *larger = realloc(block, 3000000);
  larger[2999999] = 1;
  use(block);
  return 0;
}
