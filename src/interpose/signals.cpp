// The functions that could take the fault handler, its stack, or its signals away.
#include <csignal>

#include "base/export.h"
#include "runtime/signal_calls.h"

namespace runtime = fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT int sigaction(int signal, const struct sigaction* action, struct sigaction* old) noexcept {
  return runtime::call_sigaction(signal, action, old);
}

FENCEPOST_EXPORT sighandler_t signal(int signal, sighandler_t handler) noexcept {
  return runtime::call_signal(signal, handler, SA_RESTART);
}

FENCEPOST_EXPORT sighandler_t bsd_signal(int signal, sighandler_t handler) noexcept {
  return runtime::call_signal(signal, handler, SA_RESTART);
}

FENCEPOST_EXPORT sighandler_t ssignal(int signal, sighandler_t handler) noexcept {
  return runtime::call_signal(signal, handler, SA_RESTART);
}

FENCEPOST_EXPORT sighandler_t sysv_signal(int signal, sighandler_t handler) noexcept {
  return runtime::call_signal(signal, handler, static_cast<int>(SA_RESETHAND) | SA_NODEFER);
}

FENCEPOST_EXPORT sighandler_t __sysv_signal(int signal, sighandler_t handler) noexcept {
  return runtime::call_signal(signal, handler, static_cast<int>(SA_RESETHAND) | SA_NODEFER);
}

FENCEPOST_EXPORT int sigprocmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  return runtime::call_sigprocmask(how, set, old);
}

FENCEPOST_EXPORT int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  return runtime::call_pthread_sigmask(how, set, old);
}

FENCEPOST_EXPORT int sigaltstack(const stack_t* stack, stack_t* old) noexcept {
  return runtime::call_sigaltstack(stack, old);
}

}  // extern "C"
