// What one thread needs to serve blocks without asking anyone.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "metadata/chunk.h"

namespace fencepost::heap {

/// Counts of one thread. Written by their thread alone, read by the one that sums them up: relaxed atomics,
/// never a read-modify-write instruction.
class Counter {
 public:
  void add(std::uint64_t n) { value_.store(get() + n, std::memory_order_relaxed); }
  void raise_to(std::uint64_t n) {
    if (n > get()) value_.store(n, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct ThreadCounters {
  Counter guarded;           ///< blocks given out against a fence
  Counter unguarded;         ///< blocks left to the next allocator
  Counter guarded_freed;     ///< of either kind, freed by this thread
  Counter unguarded_freed;
  Counter guarded_bytes;     ///< bytes asked for
  Counter guarded_bytes_freed;
};

/// The chunk that a thread cuts slots from, and what it has counted. Used by one thread at a time.
/// Context: malloc.
struct ThreadCache {
  metadata::Chunk* chunk = nullptr;
  Address next = 0;  ///< the first page of the chunk that no slot has
  ThreadCounters counters;
};

}  // namespace fencepost::heap
