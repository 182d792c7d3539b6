#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { kPlaces = 64, kThreads = 4, kRounds = 20000 };
static _Atomic(char *) places[kPlaces];

/* Whoever takes a block frees it, wherever it came from. */
static void *exchange(void *seed) {
  unsigned number = (unsigned)(long)seed;
  for (int i = 0; i < kRounds; ++i) {
    number = number * 1103515245 + 12345;
    char *block = malloc(64);
    memset(block, 7, 64);
    char *other = atomic_exchange(&places[number / 65536 % kPlaces], block);
    if (other != NULL) CHECK(other[0] == 7 && other[63] == 7);
    free(other);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[kThreads];
  for (long i = 0; i < kThreads; ++i) pthread_create(&threads[i], NULL, exchange, (void *)i);
  for (int i = 0; i < kThreads; ++i) pthread_join(threads[i], NULL);
  for (int i = 0; i < kPlaces; ++i) free(places[i]);
  return 0;
}
