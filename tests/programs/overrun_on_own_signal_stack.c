#include <signal.h>
#include <stdlib.h>

static void overrun(char *block) { block[16] = 1; }

int main(void) {
  stack_t stack = {.ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ};
  sigaltstack(&stack, NULL);
  overrun(malloc(16));
  return 0;
}
