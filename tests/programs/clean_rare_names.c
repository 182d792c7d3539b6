#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* C23's, and one that left glibc's headers. They may be missing only where nothing interposes them. */
__attribute__((weak)) void free_sized(void *, size_t);
__attribute__((weak)) void free_aligned_sized(void *, size_t, size_t);
__attribute__((weak)) void cfree(void *);

int main(void) {
  CHECK(free_sized != NULL && free_aligned_sized != NULL && cfree != NULL);
  free_sized(malloc(100), 100);
  free_sized(NULL, 0);
  free_aligned_sized(aligned_alloc(64, 128), 64, 128);
  free_aligned_sized(NULL, 64, 128);
  cfree(calloc(1, 10));
  cfree(NULL);
  char *page = valloc(10);
  CHECK((uintptr_t)page % 4096 == 0);
  memset(page, 1, 10);
  free(page);
  page = pvalloc(10);
  CHECK((uintptr_t)page % 4096 == 0);
  memset(page, 1, 4096);
  free(page);
  return 0;
}
