#include "check.h"

#include <stdlib.h>
#include <string.h>

/* More blocks than fit into little address space, few at a time. */
int main(void) {
  static char *blocks[32];
  for (int i = 0; i < 200000; ++i) {
    char **block = &blocks[i % 32];
    free(*block);
    const size_t size = i % 1000 == 999 ? 1000000 : i % 17 * 100 + 1;
    *block = malloc(size);
    CHECK(*block != NULL);
    (*block)[0] = (*block)[size - 1] = 1;
  }
  for (int i = 0; i < 32; ++i) free(blocks[i]);
  return 0;
}
