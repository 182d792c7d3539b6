#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static size_t use(const char *block) { return fwrite(block, 1, 100000, fdopen(memfd_create("file", 0), "w")); }

int main(void) {
  char *block = malloc(100000);
  free(block);
  return use(block) == 0 && errno == EFAULT ? 0 : 1;
}
