#include <signal.h>

#include "check.h"

/* An ignored signal that is sent, and not caused by a fault, is ignored. */
int main(void) {
  signal(SIGSEGV, SIG_IGN);
  signal(SIGBUS, SIG_IGN);
  raise(SIGSEGV);
  kill(getpid(), SIGBUS);
  CHECK(signal(SIGSEGV, SIG_DFL) == SIG_IGN);
  return 0;
}
