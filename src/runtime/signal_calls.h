// Signal functions on the program's behalf, while SIGSEGV and SIGBUS stay ours.
#pragma once

#include <csignal>

namespace fencepost::runtime {

/// sigaction(2). For our signals the action is remembered, and followed for faults that are not findings.
/// For others it is installed, but never with our signals in its mask.
[[nodiscard]] int call_sigaction(int signal, const struct sigaction* action, struct sigaction* old);

/// signal(2) with the flags that its flavour implies.
[[nodiscard]] sighandler_t call_signal(int signal, sighandler_t handler, int flags);

/// sigprocmask(2) and pthread_sigmask(3), which never block our signals: the kernel would kill without a
/// report. They differ in how they tell errors.
[[nodiscard]] int call_sigprocmask(int how, const sigset_t* set, sigset_t* old);
[[nodiscard]] int call_pthread_sigmask(int how, const sigset_t* set, sigset_t* old);

/// sigaltstack(2), which shows the program only stacks of its own and puts ours back when it takes its away.
[[nodiscard]] int call_sigaltstack(const stack_t* stack, stack_t* old);

}  // namespace fencepost::runtime
