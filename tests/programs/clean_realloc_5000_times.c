#include "check.h"

int main(void) {
  unsigned char *block = malloc(1);
  block[0] = 0;
  for (int i = 1; i < 5000; ++i) {
    block = realloc(block, i % 300 + 1);
    CHECK(block != NULL && (i % 300 == 0 || block[0] == 0));
    block[0] = 0;
    block[i % 300] = 0;
  }
  free(block);
  return 0;
}
