#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t signals;
static void count(int signal) { ++signals; }

static void use(int zeros, char *block) { read(zeros, block, 32); }

int main(void) {
  signal(SIGCHLD, count);
  use(open("/dev/zero", O_RDONLY), malloc(16));
  const int before = signals, none = waitpid(-1, NULL, 0) == -1 && errno == ECHILD;
  const pid_t child = fork();
  if (child == 0) _exit(7);
  int status = 0;
  pid_t found;
  while ((found = waitpid(-1, &status, 0)) == -1 && errno == EINTR) continue;
  printf("%d %d %d %d\n", before, none, found == child && WEXITSTATUS(status) == 7, signals);
}
