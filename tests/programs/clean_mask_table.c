#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

/* SIGSEGV and SIGBUS stay unblocked under Fencepost; everything else is as without it. */
static void tell(const char *when) {
  sigset_t now;
  sigprocmask(SIG_SETMASK, NULL, &now);
  printf("%s:", when);
  for (int i = 1; i < 65; ++i) {
    if (i != SIGSEGV && i != SIGBUS && sigismember(&now, i) == 1) printf(" %d", i);
  }
  printf("\n");
}

int main(void) {
  sigset_t set, old;
  tell("first");
  sigfillset(&set);
  printf("%d\n", sigprocmask(SIG_BLOCK, &set, &old));
  tell("all");
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGSEGV);
  printf("%d\n", pthread_sigmask(SIG_UNBLOCK, &set, NULL));
  tell("all but one");
  printf("%d\n", pthread_sigmask(SIG_SETMASK, &set, NULL));
  tell("only one");
  printf("%d\n", sigprocmask(SIG_SETMASK, &old, NULL));
  tell("last");
  errno = 0;
  printf("%d", sigprocmask(99, &set, NULL));
  printf(" errno %d\n", errno);
  printf("%d\n", pthread_sigmask(99, &set, NULL));
  return 0;
}
