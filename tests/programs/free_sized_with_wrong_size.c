#include <stdlib.h>

/* C23's; only Fencepost has it before glibc does. */
__attribute__((weak)) void free_sized(void *, size_t);

static void release(void *block) { free_sized(block, 47); }

int main(void) {
  release(malloc(48));
  return 0;
}
