#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void overrun(char *block) { block[16] = 1; }

static void *fork_here(void *status) {
  if (fork() == 0) overrun(malloc(16));
  wait(status);
  return NULL;
}

int main(void) {
  int status = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, fork_here, &status);
  pthread_join(thread, NULL);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
