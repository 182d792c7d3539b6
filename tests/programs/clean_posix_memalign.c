#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static volatile size_t too_much = (size_t)PTRDIFF_MAX + 1;

int main(void) {
  void *const untouched = (void *)0x1234;
  const size_t bad[] = {0, 1, 2, 3, 4, 7, 9, 12, 24, 48, 1000, 4095, 6144};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    void *result = untouched;
    errno = 77;
    CHECK(posix_memalign(&result, bad[i], 100) == EINVAL);
    CHECK(result == untouched && errno == 77);
  }
  for (size_t alignment = sizeof(void *); alignment <= 16u << 20; alignment *= 2) {
    void *result = untouched;
    errno = 77;
    CHECK(posix_memalign(&result, alignment, 100) == 0);
    CHECK((uintptr_t)result % alignment == 0 && result != NULL && errno == 77);
    memset(result, 1, 100);
    free(result);
  }
  void *result = untouched;
  CHECK(posix_memalign(&result, 64, too_much) == ENOMEM && result == untouched);
  CHECK(posix_memalign(&result, 64, 0) == 0);
  free(result);
  return 0;
}
