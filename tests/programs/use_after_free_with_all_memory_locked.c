#include <sys/mman.h>

#include "locked.h"

static volatile char sink;

static void use(const char *block) { sink = block[5]; }

int main(void) {
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return 1;
  use_blocks(3000, NULL);
  char *block = malloc(48);
  free(block);
  use(block);
  return 0;
}
