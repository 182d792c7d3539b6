#include <stdlib.h>

int main(void) {
  for (int size = 1; size < 1000; ++size) free(malloc(size));
  return 0;
}
