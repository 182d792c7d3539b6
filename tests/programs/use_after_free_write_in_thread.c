#include <pthread.h>
#include <stdlib.h>

static void *use(void *block) {
  ((char *)block)[7] = 1;
  return NULL;
}

int main(void) {
  char *block = malloc(48);
  pthread_t thread;
  free(block);
  pthread_create(&thread, NULL, use, block);
  pthread_join(thread, NULL);
  return 0;
}
