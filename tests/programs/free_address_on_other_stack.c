#include <pthread.h>
#include <stdlib.h>

static void *release(void *pointer) {
  free(pointer);
  return NULL;
}

int main(void) {
  long local = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, release, &local);
  pthread_join(thread, NULL);
  return 0;
}
