// Slots that are open already: an engine moved the pages of a freed one there, or opened several at a time.
#pragma once

#include <algorithm>

#include "base/types.h"
#include "metadata/chunk.h"

namespace fencepost::heap {

/// Slots of one size, last in, first out. A page that waits spares the next block of its size two thirds of the system
/// calls, but it is memory that the program gave back: only as many wait as serve the usual ups and downs of a program
/// that frees in groups. (More of them, up to an eighth of what was alive at once, gain some 3 %.)
/// Context: malloc, one thread at a time.
class ReadySlots {
 public:
  struct Slot {
    Address begin = 0;  ///< the first data page
    metadata::Chunk* chunk = nullptr;
  };

  static constexpr Size kMostPages = 64;

  /// How many data pages each slot has. Once, before any other call.
  constexpr void set_pages(Size data_pages) { capacity_ = kMostPages / data_pages / (data_pages == 1 ? 1 : 2); }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Nothing may be pushed.
  [[nodiscard]] bool full() const { return count_ == capacity_; }

  void push(const Slot& slot) { slots_[count_++] = slot; }
  [[nodiscard]] Slot pop() { return slots_[--count_]; }

  /// How many to open at a time, now that there are none: twice as many as the last time, up to a bound, so that
  /// threads that allocate little hold little.
  [[nodiscard]] Size next_batch() {
    batch_ = std::min({2 * batch_, kLargestBatch, capacity_});
    return batch_;
  }

  void clear() { count_ = 0; }

 private:
  static constexpr Size kLargestBatch = 16;

  Slot slots_[kMostPages];
  Size count_ = 0;
  Size capacity_ = kMostPages;
  Size batch_ = 1;
};

}  // namespace fencepost::heap
