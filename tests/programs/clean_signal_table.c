#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>

static void handler(int signal) {}
static void other(int signal, siginfo_t *info, void *context) {}

static const char *name(sighandler_t action) {
  if (action == SIG_DFL) return "default";
  if (action == SIG_IGN) return "ignore";
  if (action == SIG_ERR) return "error";
  return action == handler ? "handler" : action == (sighandler_t)other ? "other" : "STRANGE";
}

static void tell(int signal, const char *when) {
  struct sigaction now = {0};
  errno = 0;
  const int result = sigaction(signal, NULL, &now);
  printf("%d %s: %d errno %d %s flags %x mask", signal, when, result, errno, name(now.sa_handler),
         (unsigned)now.sa_flags & (unsigned)~0x04000000 /* SA_RESTORER is the C library's own */);
  for (int i = 1; i < 65; ++i) {
    if (sigismember(&now.sa_mask, i) == 1) printf(" %d", i);
  }
  printf("\n");
}

static void walk(int number) {
  struct sigaction action = {.sa_sigaction = other, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK}, old;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGUSR2);
  sigaddset(&action.sa_mask, SIGHUP);
  tell(number, "first");
  errno = 0;
  printf("signal: %s", name(signal(number, handler)));
  printf(" errno %d\n", errno);
  tell(number, "after signal");
  errno = 0;
  const int result = sigaction(number, &action, &old);
  printf("sigaction: %d errno %d\n", result, errno);
  tell(number, "after sigaction");
  printf("sysv_signal: %s\n", name(sysv_signal(number, handler)));
  tell(number, "after sysv_signal");
  printf("signal: %s\n", name(signal(number, SIG_IGN)));
  printf("signal: %s\n", name(signal(number, SIG_DFL)));
  tell(number, "last");
  errno = 0;
  printf("signal: %s", name(signal(number, SIG_ERR)));
  printf(" errno %d\n", errno);
}

int main(void) {
  const int numbers[] = {SIGSEGV, SIGBUS, SIGUSR1, SIGKILL, 0, 64, 65, -1};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) walk(numbers[i]);
  return 0;
}
