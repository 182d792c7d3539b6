#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

#include "check.h"

static sigjmp_buf back;
static char *stack;
enum { kStackSize = 64 << 10 };

static void on_overflow(int signal) {
  char here;
  CHECK(&here >= stack && &here < stack + kStackSize);
  siglongjmp(back, signal);
}

static int recurse(volatile char *outer) {
  volatile char frame[1000];
  frame[0] = outer[0];
  return recurse(frame) + frame[0];
}

/* As libsigsegv and the runtimes of several languages do. */
int main(void) {
  struct sigaction action = {.sa_handler = on_overflow, .sa_flags = SA_ONSTACK};
  stack = malloc(kStackSize);
  stack_t own = {.ss_sp = stack, .ss_size = kStackSize}, old;
  char first = 0;
  CHECK(sigaltstack(&own, NULL) == 0);
  CHECK(sigaltstack(NULL, &old) == 0 && old.ss_sp == stack && old.ss_size == kStackSize);
  sigaction(SIGSEGV, &action, NULL);
  for (int i = 0; i < 3; ++i) {
    if (sigsetjmp(back, 1) == 0) recurse(&first);
  }
  own.ss_flags = SS_DISABLE;
  CHECK(sigaltstack(&own, &old) == 0 && old.ss_sp == stack);
  CHECK(sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE) != 0);
  free(stack);
  return 0;
}
