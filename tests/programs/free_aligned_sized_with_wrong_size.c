#include <stdlib.h>

/* C23's; only Fencepost has it before glibc does. */
__attribute__((weak)) void free_aligned_sized(void *, size_t, size_t);

static void release(void *block) { free_aligned_sized(block, 64, 64); }

int main(void) {
  release(aligned_alloc(64, 128));
  return 0;
}
