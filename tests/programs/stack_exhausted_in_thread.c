#include <pthread.h>

static int recurse(volatile char *outer) {
  volatile char frame[1000];
  frame[0] = outer[0];
  return recurse(frame) + frame[0];
}

static void *start(void *unused) {
  char first = 0;
  recurse(&first);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, start, 0);
  pthread_join(thread, 0);
  return 0;
}
