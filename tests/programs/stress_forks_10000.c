#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"
#include "resident.h"

enum { kForks = 10000, kThreads = 8, kBlocks = 4 };

static sem_t allowance;
static atomic_int stop;

/* A few blocks for each fork, so that some thread is always in the middle of it. */
static void *allocate(void *unused) {
  while (sem_wait(&allowance) == 0 && !stop) {
    for (int i = 0; i < kBlocks; ++i) free(memset(malloc(48), 1, 48));
  }
  return unused;
}

static void fork_once(void) {
  int status = 1;
  for (int i = 0; i < kThreads; ++i) sem_post(&allowance);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    for (int i = 0; i < 3; ++i) {
      char *block = malloc(100);
      CHECK(block != NULL);
      free(memset(block, 1, 100));
    }
    _exit(0);
  }
  CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(void) {
  pthread_t threads[kThreads];
  sem_init(&allowance, 0, 0);
  for (int i = 0; i < kThreads; ++i) CHECK(pthread_create(&threads[i], NULL, allocate, NULL) == 0);
  for (int i = 0; i < 100; ++i) fork_once();
  const long before = resident_bytes();
  for (int i = 100; i < kForks; ++i) fork_once();
  const long growth = resident_bytes() - before;
  stop = 1;
  for (int i = 0; i < kThreads; ++i) sem_post(&allowance);
  for (int i = 0; i < kThreads; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
  printf("grew by %ld bytes\n", growth);
  fflush(stdout);
  CHECK(growth <= 1L * kForks * kThreads * kBlocks * kBytesOfDeadSlot + (4 << 20));
  return 0;
}
