#include <sys/mman.h>

#include "check.h"
#include "locked.h"

int main(void) {
  use_blocks(100, NULL);
  CHECK(mlockall(MCL_CURRENT | MCL_FUTURE) == 0);
  use_blocks(10000, NULL);
  char *block = malloc(700000);
  block = realloc(block, 1500000);
  CHECK(block != NULL);
  memset(block, 1, 1500000);
  free(block);
  CHECK(munlockall() == 0);
  use_blocks(3000, NULL);
  return 0;
}
