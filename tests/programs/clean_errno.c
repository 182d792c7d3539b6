#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

#define FAILS_WITH_ENOMEM(call) \
  do {                          \
    errno = 0;                  \
    CHECK((call) == NULL);      \
    CHECK(errno == ENOMEM);     \
  } while (0)

/* Behind volatile, so that the compiler has no opinion. */
static volatile size_t too_much = (size_t)PTRDIFF_MAX + 1;
static volatile size_t most = SIZE_MAX;
static volatile size_t more_than_there_is = SIZE_MAX / 4;

static void free_keeps_errno(void) {
  void *blocks[] = {malloc(1), calloc(3, 7), malloc(1000001), malloc(0), aligned_alloc(4096, 4096), NULL};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; ++i) {
    errno = 77;
    free(blocks[i]);
    CHECK(errno == 77);
  }
}

static void failures_set_enomem(size_t size) {
  char *block = malloc(100);
  block[99] = 42;
  FAILS_WITH_ENOMEM(malloc(size));
  FAILS_WITH_ENOMEM(calloc(1, size));
  FAILS_WITH_ENOMEM(realloc(NULL, size));
  FAILS_WITH_ENOMEM(realloc(block, size));
  FAILS_WITH_ENOMEM(reallocarray(block, size, 1));
  FAILS_WITH_ENOMEM(aligned_alloc(64, size));
  FAILS_WITH_ENOMEM(memalign(64, size));
  FAILS_WITH_ENOMEM(valloc(size));
  FAILS_WITH_ENOMEM(pvalloc(size));
  CHECK(block[99] == 42);
  free(block);
}

int main(void) {
  free_keeps_errno();
  failures_set_enomem(too_much);
  failures_set_enomem(most);
  failures_set_enomem(most - 4095);
  failures_set_enomem(more_than_there_is);
  return 0;
}
