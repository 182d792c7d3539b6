#include <stdlib.h>

static void *grow(void *pointer) { return realloc(pointer, 100); }

int main(void) {
  char array[64];
  return grow(array) == NULL;
}
