#include <setjmp.h>
#include <signal.h>

#include "check.h"

static sigjmp_buf back;

static void on_fault(int signal) { siglongjmp(back, signal); }

int main(void) {
  signal(SIGSEGV, on_fault);
  for (int i = 0; i < 100; ++i) {
    const int signal = sigsetjmp(back, 1);
    if (signal == 0) {
      *(volatile int *)16 = 1;
      CHECK(0);
    }
    CHECK(signal == SIGSEGV);
  }
  return 0;
}
