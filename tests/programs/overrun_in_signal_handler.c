#include <signal.h>
#include <stdlib.h>

static char *block;

static void overrun(int signal) { block[16] = (char)signal; }

int main(void) {
  block = malloc(16);
  signal(SIGUSR1, overrun);
  raise(SIGUSR1);
  return 0;
}
