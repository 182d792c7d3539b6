#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_t main_thread;

/* The process lives on without its first thread. */
static void *run(void *unused) {
  pthread_join(main_thread, NULL);
  for (int i = 0; i < 100; ++i) free(memset(malloc(100), 1, 100));
  exit(0);
}

int main(void) {
  pthread_t thread;
  main_thread = pthread_self();
  pthread_create(&thread, NULL, run, NULL);
  pthread_exit(NULL);
}
