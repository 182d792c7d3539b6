#include <stdlib.h>

static void *ask(size_t alignment) { return aligned_alloc(alignment, 100); }

int main(void) {
  void *block = ask(24);
  free(block);
  return 0;
}
