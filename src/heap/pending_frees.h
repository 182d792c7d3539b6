// Blocks that are freed, but not fenced yet (fence=batch).
#pragma once

#include <span>

#include "metadata/chunk.h"
#include "os/mutex.h"
#include "os/pages.h"
#include "record/block_record.h"

namespace fencepost::heap {

struct PendingFree {
  record::BlockRecord* block = nullptr;
  metadata::Chunk* chunk = nullptr;
};

/// The pending blocks of one thread. Its owner adds to them; anybody may take them away, when their owner is
/// busy elsewhere. Context: malloc.
class PendingFrees {
 public:
  static constexpr Size kCapacity = os::kMostRanges;
  /// No block stays pending for longer than about this if its thread comes by again, or another one does.
  static constexpr std::uint64_t kMostMilliseconds = 50;

  /// True when it is full: time to take.
  bool add(const PendingFree& pending, std::uint64_t now) {
    const os::MutexLock lock(mutex_);
    if (count_.load(std::memory_order_relaxed) == 0) oldest_.store(now, std::memory_order_relaxed);
    const Size count = count_.load(std::memory_order_relaxed);
    entries_[count] = pending;
    count_.store(count + 1, std::memory_order_release);  // in this order for a forked child
    return count + 1 == kCapacity;
  }

  /// Milliseconds since the oldest came, 0 if there is none. Cheap, and may be out of date.
  [[nodiscard]] bool overdue(std::uint64_t now) const {
    const std::uint64_t oldest = oldest_.load(std::memory_order_relaxed);
    return oldest != 0 && now - oldest > kMostMilliseconds;
  }

  /// Moves all of them to `taken` and returns how many there were.
  [[nodiscard]] Size take(std::span<PendingFree, kCapacity> taken) {
    const os::MutexLock lock(mutex_);
    const Size count = count_.load(std::memory_order_relaxed);
    for (Size i = 0; i < count; ++i) taken[i] = entries_[i];
    count_.store(0, std::memory_order_release);
    oldest_.store(0, std::memory_order_relaxed);
    return count;
  }

  /// In a forked child: its holder, if there was one, does not exist here.
  void reset_lock() { mutex_.reset(); }

 private:
  os::Mutex mutex_;
  std::atomic<Size> count_{0};
  std::atomic<std::uint64_t> oldest_{0};
  PendingFree entries_[kCapacity];
};

}  // namespace fencepost::heap
