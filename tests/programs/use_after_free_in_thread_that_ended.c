#include <pthread.h>
#include <stdlib.h>

static volatile char sink;

static void *release(void *block) {
  pthread_setname_np(pthread_self(), "releaser");
  free(block);
  return NULL;
}

int main(void) {
  char *block = malloc(48);
  pthread_t thread;
  pthread_create(&thread, NULL, release, block);
  pthread_join(thread, NULL);
  sink = block[47];
  return 0;
}
