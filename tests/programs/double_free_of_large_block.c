#include <stdlib.h>

static void free_twice(void *block) {
  free(block);
  free(block);
}

int main(void) {
  free_twice(malloc(1000001));
  return 0;
}
