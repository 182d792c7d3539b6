#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include "check.h"

static sigjmp_buf back;
static void *fault;

static void on_fault(int signal, siginfo_t *info, void *context) {
  CHECK(signal == SIGBUS && info->si_code == BUS_ADRERR);
  fault = info->si_addr;
  siglongjmp(back, 1);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGBUS, &action, NULL);
  const int file = memfd_create("short", 0);
  char *pages = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
  if (sigsetjmp(back, 1) == 0) CHECK(pages[5] == 1);
  CHECK(fault == pages + 5);
  return 0;
}
