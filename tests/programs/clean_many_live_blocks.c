#include <stdlib.h>

#include "check.h"

enum { kBlocks = 100000 };
static int *blocks[kBlocks];

int main(void) {
  for (int i = 0; i < kBlocks; ++i) {
    blocks[i] = malloc(16 + i % 50);
    CHECK(blocks[i] != NULL);
    *blocks[i] = i;
  }
  for (int i = 0; i < kBlocks; ++i) {
    if (i % 10 == 0) blocks[i] = realloc(blocks[i], 100);
    CHECK(*blocks[i] == i);
    free(blocks[i]);
  }
  return 0;
}
