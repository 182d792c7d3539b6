#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

static void *overrun(void *block) {
  ((char *)block)[16] = 1;
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
  pthread_create(&thread, &attributes, overrun, malloc(16));
  pthread_join(thread, NULL);
  return 0;
}
