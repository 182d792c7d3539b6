#include <signal.h>
#include <stdlib.h>

static char *block;

static void overrun(int signal) { block[16] = (char)signal; }

int main(void) {
  struct sigaction action = {.sa_handler = overrun};
  sigfillset(&action.sa_mask);
  block = malloc(16);
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  return 0;
}
