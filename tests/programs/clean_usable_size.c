#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

int main(void) {
  CHECK(malloc_usable_size(NULL) == 0);
  for (size_t size = 0; size < 200; ++size) {
    char *block = malloc(size);
    CHECK(malloc_usable_size(block) == size);
    memset(block, 1, malloc_usable_size(block));
    free(block);
  }
  char *block = aligned_alloc(64, 1000001);
  CHECK(malloc_usable_size(block) == 1000001);
  block = realloc(block, 4097);
  CHECK(malloc_usable_size(block) == 4097);
  free(block);
  return 0;
}
