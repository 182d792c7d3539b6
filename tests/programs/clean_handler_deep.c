#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "check.h"

static char *pages;
static int faults;

/* Needs more stack than signal stacks have, and meets the next page itself, before it returns. */
static void on_fault(int signal, siginfo_t *info, void *context) {
  volatile char room[256 << 10];
  const long page = ((char *)info->si_addr - pages) / 4096;
  memset((char *)room, (int)page + 1, sizeof room);
  CHECK(mprotect(pages + page * 4096, 4096, PROT_READ | PROT_WRITE) == 0);
  ++faults;
  if (page < 9) pages[(page + 1) * 4096 + 7] = (char)page;
  CHECK(room[0] == page + 1 && room[sizeof room - 1] == page + 1);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
  pages = mmap(NULL, 10 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  double kept = 2.5;
  pages[7] = 1;
  CHECK(faults == 10 && kept * 2 == 5);
  for (int i = 1; i < 10; ++i) CHECK(pages[i * 4096 + 7] == i - 1);
  return 0;
}
