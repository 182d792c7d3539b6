#include <pthread.h>
#include <stdlib.h>

static void *overrun(void *unused) {
  pthread_setname_np(pthread_self(), "indexer");
  char *block = malloc(16);
  block[16] = 1;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, overrun, NULL);
  pthread_join(thread, NULL);
  return 0;
}
