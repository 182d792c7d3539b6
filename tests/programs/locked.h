/* Blocks of several sizes, allocated and freed while memory is locked. */
#pragma once

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Up to 64 of them live at once; the large ones are few, since locking brings all their pages in. */
static void use_blocks(int count, int (*lock)(const void *, size_t)) {
  static const size_t sizes[] = {40, 4096, 10000, 1, 60000, 300};
  char *blocks[64] = {NULL};
  for (int i = 0; i < count; ++i) {
    const size_t size = i % 500 == 499 ? 1000000 : sizes[i % 6];
    char **block = &blocks[i * 7 % 64];
    free(*block);
    *block = malloc(size);
    if (lock != NULL && lock(*block, size) != 0) _exit(3);
    memset(*block, i, size);
  }
  for (int i = 0; i < 64; ++i) free(blocks[i]);
}
