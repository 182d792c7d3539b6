#include <stdlib.h>
#include <sys/mman.h>

static void release(void *pointer) { free(pointer); }

int main(void) {
  release(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  return 0;
}
