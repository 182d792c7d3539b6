#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

static volatile size_t count = SIZE_MAX / 16 + 2;

static void *ask(char *block) { return reallocarray(block, count, 16); }

int main(void) {
  char *block = malloc(20);
  block[19] = 7;
  return ask(block) != NULL || errno != ENOMEM || block[19] != 7;
}
