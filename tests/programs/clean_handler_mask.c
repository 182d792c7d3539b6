#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>

#include "check.h"

static char *page;
static int user_signals, faults;

static int is_blocked(int signal) {
  sigset_t now;
  sigprocmask(SIG_SETMASK, NULL, &now);
  return sigismember(&now, signal);
}

static void on_user_signal(int signal) { ++user_signals; }

static void on_fault(int signal) {
  CHECK(is_blocked(SIGUSR1) && is_blocked(SIGSEGV) && !is_blocked(SIGUSR2));
  raise(SIGUSR1);
  CHECK(user_signals == 0);
  ++faults;
  mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

int main(void) {
  struct sigaction action = {.sa_handler = on_fault};
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGUSR1);
  sigaction(SIGSEGV, &action, NULL);
  signal(SIGUSR1, on_user_signal);
  page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  page[0] = 1;
  CHECK(faults == 1 && user_signals == 1);
  CHECK(!is_blocked(SIGUSR1) && !is_blocked(SIGSEGV));
  return 0;
}
