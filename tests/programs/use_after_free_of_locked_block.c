#include <sys/mman.h>

#include "locked.h"

static volatile char sink;

static void use(const char *block) { sink = block[5]; }

int main(void) {
  use_blocks(3000, mlock);
  char *block = malloc(48);
  if (mlock(block, 48) != 0) return 1;
  free(block);
  use(block);
  return 0;
}
