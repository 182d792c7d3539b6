#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile char *block;

/* What a child ends with that writes past the block or not, and then ends with this status, at once. */
static int child(pid_t (*make)(void), int overruns, int status) {
  const pid_t pid = make();
  if (pid == 0) {
    if (overruns) block[16] = 1;
    _exit(status);
  }
  waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}

int main(void) {
  block = malloc(16);
  printf("%d %d %d\n", child(fork, 1, 0), child(fork, 1, 3), child(fork, 0, 0));
  fflush(stdout);
  block[16] = 1;
  const int after = child(fork, 0, 0);
  const pid_t pid = vfork();
  if (pid == 0) _exit(0);
  int status = 0;
  waitpid(pid, &status, 0);
  dprintf(STDOUT_FILENO, "%d %d\n", after, WEXITSTATUS(status));
  _Exit(0);
}
