#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "resident.h"

enum { kBlocks = 1000000, kLive = 100 };
static char *blocks[kLive];

/* What is said for dead slots, and 4 MiB for all the rest. */
int main(void) {
  for (int i = 0; i < kLive; ++i) blocks[i] = malloc(32);
  const long before = resident_bytes();
  for (int i = 0; i < kBlocks; ++i) {
    free(blocks[i % kLive]);
    CHECK((blocks[i % kLive] = malloc(32)) != NULL);
    memset(blocks[i % kLive], 1, 32);
  }
  const long growth = resident_bytes() - before;
  printf("grew by %ld bytes\n", growth);
  fflush(stdout);
  CHECK(growth <= 1L * kBlocks * kBytesOfDeadSlot + (4 << 20));
  return 0;
}
