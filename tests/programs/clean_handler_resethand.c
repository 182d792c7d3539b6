#include <setjmp.h>
#include <signal.h>

#include "check.h"

static sigjmp_buf back;

static void on_fault(int signal) { siglongjmp(back, signal); }

int main(void) {
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_RESETHAND};
  struct sigaction old;
  CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
  if (sigsetjmp(back, 1) == 0) *(volatile int *)16 = 1;
  CHECK(sigaction(SIGSEGV, NULL, &old) == 0);
  CHECK(old.sa_handler == SIG_DFL);
  return 0;
}
