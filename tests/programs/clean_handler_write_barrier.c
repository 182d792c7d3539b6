#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>

#include "check.h"

static char *pages;
static int faults;

static void on_fault(int signal, siginfo_t *info, void *context) {
  char *const page = pages + ((char *)info->si_addr - pages) / 4096 * 4096;
  CHECK(signal == SIGSEGV && info->si_code == SEGV_ACCERR && context != NULL);
  CHECK((char *)info->si_addr == page + 123);
  CHECK(mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0);
  ++faults;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
  pages = mmap(NULL, 100 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 100; ++i) {
    pages[i * 4096 + 123] = (char)i;
    CHECK(pages[i * 4096 + 123] == i && faults == i + 1);
    pages[i * 4096 + 124] = 1;
  }
  CHECK(faults == 100);
  return 0;
}
