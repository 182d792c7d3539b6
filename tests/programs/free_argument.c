#include <pthread.h>
#include <stdlib.h>

static void *release(void *pointer) {
  free(pointer);
  return NULL;
}

/* The program's arguments lie above the stack of its first thread, in the same memory. */
int main(int count, char **arguments) {
  pthread_t thread;
  pthread_create(&thread, NULL, release, arguments[0]);
  pthread_join(thread, NULL);
  return count;
}
