#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check.h"

static atomic_int stop;

static void *allocate(void *unused) {
  while (!stop) free(memset(malloc(100), 1, 100));
  return unused;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, allocate, NULL);
  for (int i = 0; i < 200; ++i) {
    int status = 1;
    const pid_t child = fork();
    if (child == 0) {
      for (int k = 0; k < 10; ++k) free(memset(malloc(100), 1, 100));
      pthread_t thread;
      CHECK(pthread_create(&thread, NULL, allocate, (void *)(stop = 1)) == 0);
      CHECK(pthread_join(thread, NULL) == 0);
      _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
  }
  stop = 1;
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  return 0;
}
