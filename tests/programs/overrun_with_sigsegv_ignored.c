#include <signal.h>
#include <stdlib.h>

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  signal(SIGSEGV, SIG_IGN);
  overrun(malloc(16));
  return 0;
}
