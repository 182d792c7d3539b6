#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static sem_t ready, done;
static int cleaned;

static void clean_up(void *block) {
  free(block);
  ++cleaned;
}

static void *exits(void *unused) {
  pthread_cleanup_push(clean_up, malloc(100));
  pthread_exit(memset(malloc(10), 1, 10));
  pthread_cleanup_pop(0);
  return unused;
}

static void *is_cancelled(void *unused) {
  pthread_cleanup_push(clean_up, malloc(100));
  sem_post(&ready);
  for (;;) pause();
  pthread_cleanup_pop(0);
  return unused;
}

static void *is_detached(void *block) {
  free(block);
  sem_post(&done);
  return NULL;
}

int main(void) {
  sem_init(&ready, 0, 0);
  sem_init(&done, 0, 0);
  for (int i = 0; i < 50; ++i) {
    pthread_t thread;
    void *result = NULL;
    pthread_create(&thread, NULL, exits, NULL);
    CHECK(pthread_join(thread, &result) == 0 && ((char *)result)[9] == 1);
    free(result);
    pthread_create(&thread, NULL, is_cancelled, NULL);
    sem_wait(&ready);
    pthread_cancel(thread);
    CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    pthread_create(&thread, NULL, is_detached, malloc(100));
    pthread_detach(thread);
    sem_wait(&done);
  }
  CHECK(cleaned == 100);
  return 0;
}
