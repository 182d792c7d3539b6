#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>

#include "check.h"

static char *block;
static int faults;

static void on_fault(int signal, siginfo_t *info, void *context) {
  CHECK((char *)info->si_addr == block + 100);
  CHECK(mprotect(block, 4096, PROT_READ | PROT_WRITE) == 0);
  ++faults;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  CHECK(sigaction(SIGSEGV, &action, NULL) == 0 && posix_memalign((void **)&block, 4096, 4096) == 0);
  CHECK(mprotect(block, 4096, PROT_READ) == 0);
  *(volatile char *)(block + 100) = 1;
  CHECK(faults == 1);
  free(block);
  return 0;
}
