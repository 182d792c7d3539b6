#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t start;

static void *free_again(void *block) {
  pthread_barrier_wait(&start);
  free(block);
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  char *block = malloc(48);
  free(block);
  pthread_barrier_init(&start, NULL, 8);
  for (int i = 0; i < 8; ++i) pthread_create(&threads[i], NULL, free_again, block);
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL);
  return 0;
}
