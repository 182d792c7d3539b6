#include "os/signals.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "os/errno_scope.h"

// libc's second name for sigaction, which nobody interposes.
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*);

namespace fencepost::os {

namespace {
constexpr Size kKernelSetSize = 8;
constexpr int kSignalsOfWriting[] = {SIGPIPE, SIGXFSZ};
}  // namespace

int kernel_sigaction(int signal, const struct sigaction* action, struct sigaction* old) {
  return __sigaction(signal, action, old);
}

int kernel_sigprocmask(int how, const sigset_t* set, sigset_t* old) {
  const ErrnoScope errno_scope;
  return syscall(SYS_rt_sigprocmask, how, set, old, kKernelSetSize) == 0 ? 0 : errno;
}

int kernel_sigaltstack(const stack_t* stack, stack_t* old) {
  return static_cast<int>(syscall(SYS_sigaltstack, stack, old));
}

bool install_handler(int signal, SignalHandler handler) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  // SA_NODEFER: a fault while reporting must come back to us, not kill silently.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  return kernel_sigaction(signal, &action, nullptr) == 0;
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return kernel_sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void restore_default_action(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  kernel_sigaction(signal, &action, nullptr);
}

void unblock_faults() {
  unblock_signal(SIGSEGV);
  unblock_signal(SIGBUS);
}

void unblock_signal(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  static_cast<void>(kernel_sigprocmask(SIG_UNBLOCK, &set, nullptr));
}

void set_alternate_stack(Range stack) {
  const ErrnoScope errno_scope;
  stack_t request{};
  request.ss_sp = reinterpret_cast<void*>(stack.begin);
  request.ss_size = stack.size();
  request.ss_flags = stack.empty() ? SS_DISABLE : 0;
  kernel_sigaltstack(&request, nullptr);
}

stack_t replace_alternate_stack(Range stack) {
  const ErrnoScope errno_scope;
  stack_t before{};
  kernel_sigaltstack(nullptr, &before);
  set_alternate_stack(stack);
  return before;
}

void restore_alternate_stack(stack_t before) {
  const ErrnoScope errno_scope;
  before.ss_flags &= ~SS_ONSTACK;
  kernel_sigaltstack(&before, nullptr);
}

AllSignalsBlocked::AllSignalsBlocked() {
  sigset_t most;
  // Not sigfillset, which leaves out the signals that libc uses itself, for cancellation among others.
  std::memset(&most, 0xff, sizeof most);
  sigdelset(&most, SIGSEGV);
  sigdelset(&most, SIGBUS);
  static_cast<void>(kernel_sigprocmask(SIG_SETMASK, &most, &before_));
}

AllSignalsBlocked::~AllSignalsBlocked() { static_cast<void>(kernel_sigprocmask(SIG_SETMASK, &before_, nullptr)); }

NoSignalsOfWriting::NoSignalsOfWriting() {
  sigset_t ours;
  sigemptyset(&ours);
  sigemptyset(&waiting_);
  for (const int signal : kSignalsOfWriting) sigaddset(&ours, signal);
  static_cast<void>(kernel_sigprocmask(SIG_BLOCK, &ours, &before_));
  const bool may_wait = sigismember(&before_, SIGPIPE) == 1 || sigismember(&before_, SIGXFSZ) == 1;
  if (may_wait) syscall(SYS_rt_sigpending, &waiting_, kKernelSetSize);
}

NoSignalsOfWriting::~NoSignalsOfWriting() { static_cast<void>(kernel_sigprocmask(SIG_SETMASK, &before_, nullptr)); }

void NoSignalsOfWriting::forget() {
  const timespec at_once{};
  sigset_t raised;
  sigemptyset(&raised);
  for (const int signal : kSignalsOfWriting) {
    if (sigismember(&waiting_, signal) == 0) sigaddset(&raised, signal);
  }
  syscall(SYS_rt_sigtimedwait, &raised, nullptr, &at_once, kKernelSetSize);
}

}  // namespace fencepost::os
