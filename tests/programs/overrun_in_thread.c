#include <pthread.h>
#include <stdlib.h>

static void *overrun(void *block) {
  ((char *)block)[16] = 1;
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, overrun, malloc(16));
  pthread_join(thread, NULL);
  return 0;
}
