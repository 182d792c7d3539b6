// What the program wants done about the signals whose handlers in the kernel are ours.
#pragma once

#include <atomic>
#include <csignal>

#include "os/mutex.h"

namespace fencepost::fault {

/// Readers never wait, because they may be signal handlers: a writer fills the copy that nobody reads.
class OwnActions {
 public:
  constexpr OwnActions() = default;

  /// `signal` is SIGSEGV, SIGBUS or SIGTRAP. Context: anywhere.
  [[nodiscard]] struct sigaction get(int signal) const { return current(signal).action; }

  /// Stores `action` and returns the one before. Context: not in a handler of ours.
  struct sigaction set(int signal, const struct sigaction& action);

  /// SA_RESETHAND: flags and mask stay, as in the kernel. Context: signal.
  void reset(int signal) { entries_[index(signal)].is_default.store(true, std::memory_order_release); }

 private:
  struct Copy {
    struct sigaction action {};
  };
  struct Entry {
    Copy copies[2];
    std::atomic<unsigned> current{0};
    std::atomic<bool> is_default{true};
  };

  [[nodiscard]] static int index(int signal) { return signal == SIGSEGV ? 0 : signal == SIGBUS ? 1 : 2; }
  [[nodiscard]] Copy current(int signal) const;

  os::Mutex writing_;
  Entry entries_[3];
};

}  // namespace fencepost::fault
