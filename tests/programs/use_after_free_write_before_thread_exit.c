#include <pthread.h>
#include <stdlib.h>

static void *work(void *nothing) {
  char *block = malloc(40);
  free(block);
  block[1] = 5;
  return nothing;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
  _Exit(0);
}
