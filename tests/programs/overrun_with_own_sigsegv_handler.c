#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void on_fault(int signal) { _exit(3); }

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  signal(SIGSEGV, on_fault);
  overrun(malloc(16));
  return 0;
}
