#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

static void *overrun(void *block) {
  ((char *)block)[16] = 1;
  return NULL;
}

int main(void) {
  sigset_t all;
  pthread_t thread;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  pthread_create(&thread, NULL, overrun, malloc(16));
  pthread_join(thread, NULL);
  return 0;
}
