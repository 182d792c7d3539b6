#include <pthread.h>
#include <stdlib.h>

static void *overwrite(void *block) {
  ((char *)block)[13] = 0;
  return NULL;
}

static void release(char *block) { free(block); }

int main(void) {
  char *block = malloc(13);
  pthread_t thread;
  pthread_create(&thread, NULL, overwrite, block);
  pthread_join(thread, NULL);
  release(block);
  return 0;
}
