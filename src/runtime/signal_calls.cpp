#include "runtime/signal_calls.h"

#include <cerrno>

#include "os/signals.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

sigset_t without_ours(const sigset_t& set) {
  sigset_t kept = set;
  sigdelset(&kept, SIGSEGV);
  sigdelset(&kept, SIGBUS);
  return kept;
}

bool is_ours(const stack_t& stack) {
  const Range ours = current_alternate_stack();
  return !ours.empty() && reinterpret_cast<Address>(stack.ss_sp) == ours.begin;
}

}  // namespace

int call_sigaction(int signal, const struct sigaction* action, struct sigaction* old) {
  instance().ensure_started();
  if (instance().owns(signal)) {
    fault::OwnActions& own = instance().own_actions();
    const struct sigaction before = action != nullptr ? own.set(signal, *action) : own.get(signal);
    if (old != nullptr) *old = before;
    return 0;
  }
  if (action == nullptr) return os::kernel_sigaction(signal, nullptr, old);
  struct sigaction kept = *action;
  kept.sa_mask = without_ours(action->sa_mask);
  return os::kernel_sigaction(signal, &kept, old);
}

sighandler_t call_signal(int signal, sighandler_t handler, int flags) {
  struct sigaction action {};
  struct sigaction old {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  if (handler == SIG_ERR) errno = EINVAL;
  if ((flags & SA_RESTART) != 0) sigaddset(&action.sa_mask, signal);
  return handler == SIG_ERR || call_sigaction(signal, &action, &old) != 0 ? SIG_ERR : old.sa_handler;
}

int call_pthread_sigmask(int how, const sigset_t* set, sigset_t* old) {
  if (set == nullptr || how == SIG_UNBLOCK) return os::kernel_sigprocmask(how, set, old);
  const sigset_t kept = without_ours(*set);
  return os::kernel_sigprocmask(how, &kept, old);
}

int call_sigprocmask(int how, const sigset_t* set, sigset_t* old) {
  const int error = call_pthread_sigmask(how, set, old);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int call_sigaltstack(const stack_t* stack, stack_t* old) {
  stack_t before{};
  if (os::kernel_sigaltstack(stack, &before) != 0) return -1;
  if (stack != nullptr && (stack->ss_flags & SS_DISABLE) != 0) os::set_alternate_stack(current_alternate_stack());
  if (old == nullptr) return 0;
  *old = before;
  if (is_ours(before)) *old = {.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  return 0;
}

}  // namespace fencepost::runtime
