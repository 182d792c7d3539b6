#include <malloc.h>
#include <stdlib.h>

static size_t ask(char *pointer) { return malloc_usable_size(pointer); }

int main(void) {
  char *block = malloc(48);
  return ask(block + 16) != 0;
}
