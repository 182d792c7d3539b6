#include <pthread.h>
#include <stdlib.h>

static void *free_again(void *block) {
  pthread_setname_np(pthread_self(), "second");
  free(block);
  return NULL;
}

int main(void) {
  char *block = malloc(48);
  pthread_t thread;
  free(block);
  pthread_create(&thread, NULL, free_again, block);
  pthread_join(thread, NULL);
  return 0;
}
