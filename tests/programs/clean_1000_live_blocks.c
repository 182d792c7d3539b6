#include <stdlib.h>

#include "check.h"

static int *blocks[1000];

int main(void) {
  for (int i = 0; i < 1000; ++i) CHECK((blocks[i] = calloc(5, sizeof(int))) != NULL && *blocks[i] == 0);
  for (int i = 0; i < 1000; ++i) *blocks[i] = i;
  for (int i = 0; i < 1000; ++i) CHECK((blocks[i] = realloc(blocks[i], 40)) != NULL && *blocks[i] == i);
  for (int i = 0; i < 1000; ++i) free(blocks[i]);
  return 0;
}
