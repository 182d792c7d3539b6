#include <malloc.h>

static size_t ask(char *pointer) { return malloc_usable_size(pointer); }

int main(void) {
  char array[64];
  return ask(array) != 0;
}
