// Memory of our own: never freed, never taken from the allocator that we are.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "os/mutex.h"

namespace fencepost::metadata {

/// Hands out zeroed memory front to back from one reservation, opened in steps as it is needed, so that it
/// costs commit charge and physical pages only for what is in use.
///
/// Context: malloc, any thread; only a step of growth takes the lock.
class PageArena {
 public:
  constexpr PageArena() = default;

  /// Reserves at most `bytes` of address space, less if the kernel refuses that much. False if even a
  /// small piece is refused. Once, before any other call.
  [[nodiscard]] bool reserve(Size bytes);

  /// Null when the reservation or the memory is used up. `alignment` is a power of two up to a page.
  [[nodiscard]] void* allocate(Size bytes, Size alignment = 16);

  /// Opens the reservation up to `end`, for users that address it themselves instead of allocating.
  [[nodiscard]] bool open_up_to(Address end);

  [[nodiscard]] Range range() const { return range_; }
  /// Bytes handed out.
  [[nodiscard]] Size used() const { return next_.load(std::memory_order_relaxed) - range_.begin; }

  void lock_for_fork() { growth_.lock(); }
  void unlock_after_fork() { growth_.unlock(); }
  void reset_in_child() { growth_.reset(); }

 private:
  static constexpr Size kStep = Size{1} << 20;

  Range range_;
  std::atomic<Address> next_{0};
  std::atomic<Address> opened_{0};
  os::Mutex growth_;
};

}  // namespace fencepost::metadata
