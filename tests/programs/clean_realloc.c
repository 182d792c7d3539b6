#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static void check_numbers(const unsigned char *block, size_t count) {
  for (size_t i = 0; i < count; ++i) CHECK(block[i] == (unsigned char)(i * 7));
}

int main(void) {
  const size_t sizes[] = {1, 5, 16, 100, 4096, 4097, 10000, 3000000, 9000, 4096, 17, 3, 64};
  unsigned char *block = NULL;
  size_t size = 0;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    block = i % 2 == 0 ? realloc(block, sizes[i]) : reallocarray(block, sizes[i], 1);
    CHECK(block != NULL);
    check_numbers(block, size < sizes[i] ? size : sizes[i]);
    size = sizes[i];
    for (size_t k = 0; k < size; ++k) block[k] = (unsigned char)(k * 7);
  }
  errno = 77;
  CHECK(realloc(block, 0) == NULL && errno == 77);
  block = malloc(0);
  block = realloc(block, 10);
  memset(block, 1, 10);
  CHECK(reallocarray(block, 0, 10) == NULL);
  block = aligned_alloc(4096, 100);
  block = realloc(block, 200);
  memset(block, 1, 200);
  free(block);
  return 0;
}
