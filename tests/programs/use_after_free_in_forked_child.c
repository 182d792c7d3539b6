#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile char sink;

static void use(const char *block) { sink = block[3]; }

int main(void) {
  int status = 0;
  char *block = malloc(48);
  free(block);
  if (fork() == 0) use(block);
  wait(&status);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
