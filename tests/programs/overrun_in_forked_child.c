#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  int status = 0;
  if (fork() == 0) overrun(malloc(16));
  wait(&status);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
