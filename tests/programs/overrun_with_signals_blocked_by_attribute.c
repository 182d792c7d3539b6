#define _GNU_SOURCE
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
  pthread_attr_t attributes;
  sigfillset(&all);
  pthread_attr_init(&attributes);
  pthread_attr_setsigmask_np(&attributes, &all);
  pthread_create(&thread, &attributes, overrun, malloc(16));
  pthread_join(thread, NULL);
  return 0;
}
