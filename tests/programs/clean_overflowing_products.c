#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

static volatile size_t half = SIZE_MAX / 2 + 1;

int main(void) {
  char *block = malloc(20);
  block[19] = 7;
  errno = 0;
  CHECK(calloc(half, 2) == NULL && errno == ENOMEM);
  errno = 0;
  CHECK(calloc(half + 3, half + 5) == NULL && errno == ENOMEM);
  errno = 0;
  CHECK(reallocarray(block, half, 2) == NULL && errno == ENOMEM);
  errno = 0;
  CHECK(reallocarray(NULL, 2, half + 8) == NULL && errno == ENOMEM);
  CHECK(block[19] == 7);
  CHECK(calloc(0, half) != NULL);
  CHECK(calloc(half, 0) != NULL);
  return 0;
}
