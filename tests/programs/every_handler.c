/* A handler of SIGSEGV, SIGBUS and SIGTRAP with every set of flags, with and without a signal stack of its own, on the
   first thread and on another, left by return and by siglongjmp: prints what each sees, and what is left behind. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>

#include "check.h"

static const int signals[] = {SIGSEGV, SIGBUS, SIGTRAP};
static int current, flags, own_stack, jumps, file;
static char *page;
static char stack[64 << 10];
static sigjmp_buf back;
static volatile int calls;

static void say(const char *what, long value) { dprintf(STDOUT_FILENO, "%s %ld ", what, value); }

static int is_blocked(int signal) {
  sigset_t now;
  pthread_sigmask(SIG_SETMASK, NULL, &now);
  return sigismember(&now, signal);
}

static void repair(void) {
  if (current == SIGSEGV) mprotect(page, 4096, PROT_READ | PROT_WRITE);
  if (current == SIGBUS) CHECK(ftruncate(file, 4096) == 0);
}

/* With SA_ONSTACK and no stack of its own a handler of SIGTRAP runs on the one that Fencepost gave to the thread. */
static void say_stack(char *here, char *faulting) {
  if (current == SIGTRAP && (flags & SA_ONSTACK) && !own_stack) return;
  say("own_stack", here >= stack && here < stack + sizeof stack);
  say("thread_stack", faulting - here > 0 && faulting - here < 64 << 10);
}

static void on_signal(int signal, siginfo_t *info, void *context) {
  char here;
  ++calls;
  say("signal", signal);
  if (flags & SA_SIGINFO) {
    say("code", info->si_code);
    say("address", signal == SIGTRAP || (char *)info->si_addr == page + 5);
    say_stack(&here, (char *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RSP]);
    say("blocked_before", sigismember(&((ucontext_t *)context)->uc_sigmask, SIGUSR2));
  }
  say("blocked", is_blocked(signal));
  say("blocked_usr1", is_blocked(SIGUSR1));
  say("blocked_usr2", is_blocked(SIGUSR2));
  repair();
  if (jumps) siglongjmp(back, 1);
}

static void fault(void) {
  if (current == SIGTRAP) {
    __asm__ volatile("int3");
  } else {
    *(volatile char *)(page + 5) = 1;
  }
}

static void say_what_is_left(void) {
  struct sigaction left;
  stack_t now;
  sigaction(current, NULL, &left);
  sigaltstack(NULL, &now);
  say("calls", calls);
  say("handler_left", left.sa_sigaction == on_signal);
  say("flags_left", left.sa_flags & ~0x04000000);
  say("still_blocked", is_blocked(current));
  say("usr1", is_blocked(SIGUSR1));
  say("usr2", is_blocked(SIGUSR2));
  say("stack_flags", now.ss_flags);
  CHECK(current == SIGTRAP || jumps || page[5] == 1);
}

static void *meet(void *unused) {
  stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = flags};
  sigaddset(&action.sa_mask, SIGUSR1);
  if (own_stack) CHECK(sigaltstack(&own, NULL) == 0);
  CHECK(sigaction(current, &action, NULL) == 0);
  if (sigsetjmp(back, 1) == 0) fault();
  say_what_is_left();
  return NULL;
}

static void meet_in_child(int on_thread) {
  pthread_t thread;
  int status;
  say("\nflags", flags);
  say("jumps", jumps);
  say("on_thread", on_thread);
  if (fork() == 0) {
    page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (current == SIGBUS) {
      file = memfd_create("short", 0);
      page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    if (on_thread) {
      pthread_create(&thread, NULL, meet, NULL);
      pthread_join(thread, NULL);
    } else {
      meet(NULL);
    }
    _exit(0);
  }
  CHECK(wait(&status) > 0 && status == 0);
}

int main(void) {
  const int bits[] = {SA_ONSTACK, (int)SA_RESETHAND, SA_NODEFER, SA_SIGINFO};
  sigset_t usr2;
  sigemptyset(&usr2);
  sigaddset(&usr2, SIGUSR2);
  sigprocmask(SIG_BLOCK, &usr2, NULL);
  for (int which = 0; which < 3; ++which) {
    for (int set = 0; set < 128; ++set) {
      current = signals[which];
      flags = 0;
      for (int bit = 0; bit < 4; ++bit) flags |= set & (1 << bit) ? bits[bit] : 0;
      own_stack = set >> 4 & 1;
      jumps = set >> 5 & 1;
      meet_in_child(set >> 6 & 1);
    }
  }
  return 0;
}
