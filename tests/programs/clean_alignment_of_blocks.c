#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* What the ABI promises: 16 from 16 bytes on, the largest power of two that fits below. */
static size_t promised(size_t size) {
  size_t power = 1;
  while (power * 2 <= size && power < 16) power *= 2;
  return power;
}

static void check(char *block, size_t size) {
  CHECK(block != NULL && (uintptr_t)block % promised(size) == 0);
  memset(block, 1, size);
}

int main(void) {
  for (size_t size = 1; size < 9000; size += size < 300 ? 1 : 97) {
    char *block = malloc(size);
    check(block, size);
    block = realloc(block, size + 1);
    check(block, size + 1);
    free(block);
    block = calloc(1, size);
    for (size_t i = 0; i < size; ++i) CHECK(block[i] == 0);
    check(block, size);
    free(block);
  }
  return 0;
}
