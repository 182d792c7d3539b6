// One report at a time.
#pragma once

#include <atomic>

namespace fencepost::fault {

/// The first thread that fails reports; others wait, because the process is about to end. Context: signal.
class Latch {
 public:
  enum class Entry {
    first,   ///< report, then leave() if the process goes on
    nested,  ///< this very thread is reporting: the report itself failed
    late,    ///< another thread was reporting and did not finish in time
  };

  constexpr Latch() = default;

  /// Waits at most `patience` milliseconds for another thread.
  [[nodiscard]] Entry enter(unsigned patience = 5000);
  /// True while the calling thread is the one that reports.
  [[nodiscard]] bool is_mine() const;
  void leave() { owner_.store(0, std::memory_order_release); }

 private:
  std::atomic<int> owner_{0};  ///< kernel id of the reporting thread
};

}  // namespace fencepost::fault
