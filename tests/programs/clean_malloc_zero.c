#include <stdlib.h>

#include "check.h"

int main(void) {
  void *blocks[400];
  for (int i = 0; i < 400; i += 4) {
    blocks[i] = malloc(0);
    blocks[i + 1] = calloc(0, 5);
    blocks[i + 2] = realloc(NULL, 0);
    blocks[i + 3] = aligned_alloc(64, 0);
  }
  for (int i = 0; i < 400; ++i) {
    CHECK(blocks[i] != NULL);
    for (int j = 0; j < i; ++j) CHECK(blocks[i] != blocks[j]);
  }
  for (int i = 0; i < 400; ++i) free(blocks[i]);
  return 0;
}
