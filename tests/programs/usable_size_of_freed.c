#include <malloc.h>
#include <stdlib.h>

static size_t ask(void *block) { return malloc_usable_size(block); }

int main(void) {
  char *block = malloc(48);
  free(block);
  return (int)ask(block);
}
