#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static pthread_key_t keys[20];
static int rounds[20];

/* Frees its value, and sets a new one until the system gives up on it. */
static void end(void *value) {
  const int index = *(int *)value;
  free(value);
  if (++rounds[index] == PTHREAD_DESTRUCTOR_ITERATIONS) return;
  int *again = malloc(sizeof(int));
  *again = index;
  pthread_setspecific(keys[index], again);
}

static void *run(void *unused) {
  for (int i = 0; i < 20; ++i) {
    int *value = malloc(sizeof(int));
    *value = i;
    pthread_setspecific(keys[i], value);
  }
  return unused;
}

int main(void) {
  for (int i = 0; i < 20; ++i) CHECK(pthread_key_create(&keys[i], end) == 0);
  for (int i = 0; i < 10; ++i) {
    pthread_t thread;
    memset(rounds, 0, sizeof rounds);
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, NULL);
    for (int k = 0; k < 20; ++k) CHECK(rounds[k] == PTHREAD_DESTRUCTOR_ITERATIONS);
  }
  return 0;
}
