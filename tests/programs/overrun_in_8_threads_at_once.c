#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t start;

static void *overrun(void *block) {
  pthread_barrier_wait(&start);
  ((char *)block)[16] = 1;
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  pthread_barrier_init(&start, NULL, 8);
  for (int i = 0; i < 8; ++i) pthread_create(&threads[i], NULL, overrun, malloc(16));
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL);
  return 0;
}
