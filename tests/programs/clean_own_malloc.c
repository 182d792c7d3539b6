#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static char pool[1 << 20];
static size_t used;

void *malloc(size_t size) {
  void *block = pool + used;
  used += (size + 31) / 16 * 16;
  return used > sizeof pool ? NULL : block;
}

void *calloc(size_t count, size_t size) { return malloc(count * size); }
void *realloc(void *block, size_t size) {
  void *fresh = malloc(size);
  if (block != NULL) memcpy(fresh, block, size);
  return fresh;
}
void *memalign(size_t alignment, size_t size) { return malloc(size + 0 * alignment); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
void free(void *block) {}

int main(void) {
  char *block = malloc(100);
  CHECK(block >= pool && block < pool + sizeof pool);
  printf("own malloc\n");
  return 0;
}
