// A table that is written only here and there.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "os/mutex.h"

namespace fencepost::metadata {

/// Zeros that can be read everywhere at once and written where they were opened: commit charge, locked memory
/// and physical pages are for what is in use, however far apart. Context: reading: anywhere; else malloc, any
/// thread; only a step of growth takes the lock.
class SparsePages {
 public:
  constexpr SparsePages() = default;

  /// Reserves at most `bytes`, less if the kernel refuses that much. False if even a small piece is refused.
  /// Once, before any other call.
  [[nodiscard]] bool reserve(Size bytes);

  /// Makes a part writable. False if the kernel refuses.
  [[nodiscard]] bool open(Range part);

  [[nodiscard]] Range range() const { return range_; }

  void lock_for_fork() { growth_.lock(); }
  void unlock_after_fork() { growth_.unlock(); }
  void reset_in_child() { growth_.reset(); }

 private:
  static constexpr Size kMostSteps = 1024;
  static constexpr Size kBits = 64;

  [[nodiscard]] bool is_open(Size step) const {
    return (open_[step / kBits].load(std::memory_order_acquire) >> (step % kBits) & 1) != 0;
  }

  Range range_;
  Size step_ = kPageSize;  ///< bytes that are opened together
  std::atomic<std::uint64_t> open_[kMostSteps / kBits] = {};
  os::Mutex growth_;
};

}  // namespace fencepost::metadata
