#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const size_t sizes[] = {0, 1, 100, 5000, PTRDIFF_MAX, (size_t)PTRDIFF_MAX + 1, SIZE_MAX};
static const size_t alignments[] = {0, 1, 2, 3, 5, 7, 8, 16, 24, 48, 100, 4096, 5000, 65536, 3u << 20,
                                    SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 2, SIZE_MAX};

/* Whether the address is a multiple of the alignment rounded up to a power of two, as glibc does. */
static int is_aligned(const void *block, size_t alignment) {
  size_t power = 1;
  while (power < alignment) power *= 2;
  return (uintptr_t)block % power == 0;
}

static void tell(const char *name, size_t alignment, size_t size, void *block) {
  printf("%s(%zx, %zx): ", name, alignment, size);
  if (block == NULL) {
    printf("null, errno %d\n", errno);
  } else {
    printf("block, %s\n", is_aligned(block, alignment) ? "aligned" : "NOT ALIGNED");
  }
  free(block);
}

int main(void) {
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    for (size_t j = 0; j < sizeof alignments / sizeof *alignments; ++j) {
      errno = 0;
      tell("aligned_alloc", alignments[j], sizes[i], aligned_alloc(alignments[j], sizes[i]));
      errno = 0;
      tell("memalign", alignments[j], sizes[i], memalign(alignments[j], sizes[i]));
    }
    errno = 0;
    tell("valloc", 4096, sizes[i], valloc(sizes[i]));
    errno = 0;
    tell("pvalloc", 4096, sizes[i], pvalloc(sizes[i]));
  }
  return 0;
}
