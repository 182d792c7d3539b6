#include <setjmp.h>
#include <signal.h>

#include "check.h"

static sigjmp_buf inner, outer;
static volatile int depth;

/* Faults itself, once, and leaves both by siglongjmp. */
static void on_fault(int signal) {
  if (++depth == 2) siglongjmp(inner, 1);
  if (sigsetjmp(inner, 1) == 0) *(volatile int *)32 = 1;
  siglongjmp(outer, 1);
}

int main(void) {
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL);
  if (sigsetjmp(outer, 1) == 0) *(volatile int *)16 = 1;
  CHECK(depth == 2);
  return 0;
}
