#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

static sem_t known, never;
static long *address;

static void release(void *pointer) { free(pointer); }

static void *start(void *unused) {
  long local = 0;
  address = &local;
  sem_post(&known);
  sem_wait(&never);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, start, NULL);
  sem_wait(&known);
  release(address);
  return 0;
}
