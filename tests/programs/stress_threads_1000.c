#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "resident.h"

enum { kThreads = 1000, kWave = 40, kBlocks = 50 };

static void *allocate(void *unused) {
  for (int i = 0; i < kBlocks; ++i) free(memset(malloc(48), 1, 48));
  return unused;
}

static void wave(void) {
  pthread_t threads[kWave];
  for (int i = 0; i < kWave; ++i) CHECK(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
  for (int i = 0; i < kWave; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
}

/* What is said for dead slots, and 2 MiB for everything that is shared: what one wave of threads has must serve
   the next. */
int main(void) {
  wave();
  const long before = resident_bytes();
  for (int started = kWave; started < kThreads; started += kWave) wave();
  const long growth = resident_bytes() - before;
  printf("grew by %ld bytes\n", growth);
  fflush(stdout);
  CHECK(growth <= 1L * kThreads * (kBlocks + 2) * kBytesOfDeadSlot + (2 << 20));
  return 0;
}
