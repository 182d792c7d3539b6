#include <signal.h>

#include "check.h"

static volatile int calls, last_code;

static void on_signal(int signal, siginfo_t *info, void *context) {
  ++calls;
  last_code = info->si_code;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  raise(SIGSEGV);
  CHECK(calls == 1 && last_code == SI_TKILL);
  kill(getpid(), SIGBUS);
  CHECK(calls == 2 && last_code == SI_USER);
  return 0;
}
