#include <stdlib.h>

static void grow(char *block) { block = realloc(block + 8, 480); }

int main(void) {
  grow(malloc(48));
  return 0;
}
