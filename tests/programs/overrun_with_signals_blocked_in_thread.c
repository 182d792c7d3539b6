#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

static void *overrun(void *block) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  ((char *)block)[16] = 1;
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, overrun, malloc(16));
  pthread_join(thread, NULL);
  return 0;
}
