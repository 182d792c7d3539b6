#include <stdlib.h>
#include <string.h>

#include "check.h"

int main(void) {
  for (size_t size = 1 << 20; size <= (size_t)256 << 20; size *= 2) {
    char *block = calloc(1, size);
    CHECK(block != NULL && block[0] == 0 && block[size - 1] == 0);
    block[0] = block[size - 1] = 1;
    free(block);
  }
  char *sparse = malloc((size_t)8 << 30);
  if (sparse != NULL) sparse[(size_t)7 << 30] = 1;
  if (sparse != NULL) sparse = realloc(sparse, (size_t)9 << 30);
  if (sparse != NULL) CHECK(sparse[(size_t)7 << 30] == 1);
  free(sparse);
  return 0;
}
