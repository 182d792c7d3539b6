// Signals as the kernel sees them, past our own interposed sigaction and sigprocmask.
#pragma once

#include <csignal>

#include "base/range.h"

namespace fencepost::os {

using SignalHandler = void (*)(int signal, siginfo_t* info, void* context);

/// sigaction(2) proper. Returns 0, or -1 with errno set.
int kernel_sigaction(int signal, const struct sigaction* action, struct sigaction* old);

/// rt_sigprocmask(2) proper. Returns 0 or an error number, and leaves errno alone.
[[nodiscard]] int kernel_sigprocmask(int how, const sigset_t* set, sigset_t* old);

/// sigaltstack(2) proper. Returns 0, or -1 with errno set.
int kernel_sigaltstack(const stack_t* stack, stack_t* old);

/// Installs `handler` for `signal` on the alternate stack, with no other signal blocked meanwhile.
[[nodiscard]] bool install_handler(int signal, SignalHandler handler);

/// True if the process ignores `signal`: it may have been started so (execve(2)).
[[nodiscard]] bool is_ignored(int signal);

/// Gives `signal` its default action again.
void restore_default_action(int signal);

void unblock_signal(int signal);

/// Unblocks SIGSEGV and SIGBUS for the calling thread: the kernel kills without a report while they are
/// blocked.
void unblock_faults();

/// Makes `stack` the calling thread's alternate signal stack; an empty range takes it away.
void set_alternate_stack(Range stack);

/// The same, for a while: returns what restore_alternate_stack takes. Neither while the thread runs on the
/// present one.
[[nodiscard]] stack_t replace_alternate_stack(Range stack);
void restore_alternate_stack(stack_t before);

/// No signals for the calling thread while this lives, but the faults. Context: anywhere.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked();
  ~AllSignalsBlocked();
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

/// The calling thread does not get the signals of a write that can't be done, SIGPIPE and SIGXFSZ, while this
/// lives, nor afterwards, if `forget` was called. Context: anywhere.
class NoSignalsOfWriting {
 public:
  NoSignalsOfWriting();
  ~NoSignalsOfWriting();
  NoSignalsOfWriting(const NoSignalsOfWriting&) = delete;
  NoSignalsOfWriting& operator=(const NoSignalsOfWriting&) = delete;

  /// Takes back those that a failed write has raised, but not one that waited before.
  void forget();

 private:
  sigset_t before_;
  sigset_t waiting_;  ///< those that came before, and that the program blocks
};

/// Another alternate stack for the calling thread, while this lives. Not while it runs on the present one.
class AlternateStackScope {
 public:
  explicit AlternateStackScope(Range stack) : before_(replace_alternate_stack(stack)) {}
  ~AlternateStackScope() { restore_alternate_stack(before_); }
  AlternateStackScope(const AlternateStackScope&) = delete;
  AlternateStackScope& operator=(const AlternateStackScope&) = delete;

 private:
  stack_t before_;
};

}  // namespace fencepost::os
