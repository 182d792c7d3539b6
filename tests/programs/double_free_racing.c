#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t start;

static void *release(void *block) {
  pthread_barrier_wait(&start);
  free(block);
  return NULL;
}

/* Nobody knows which of the two comes second: exactly one of them must. */
int main(void) {
  pthread_t threads[2];
  char *block = malloc(48);
  pthread_barrier_init(&start, NULL, 2);
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, release, block);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
