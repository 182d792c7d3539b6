// Slots that are open already: an engine moved the pages of a freed one there, or opened several at a time.
#pragma once

#include "base/align.h"
#include "base/types.h"
#include "metadata/chunk.h"

namespace fencepost::heap {

/// Slots of one size, last in, first out. A thread takes neighbouring slots for the pages of what it frees: kept as
/// runs of neighbours, a few runs hold many slots. Context: malloc, one thread at a time.
class ReadySlots {
 public:
  /// Neighbouring slots of one chunk: `count` of them from `begin` on, each with its fence.
  struct Run {
    Address begin = 0;
    Size count = 0;
    metadata::Chunk* chunk = nullptr;
  };
  struct Slot {
    Address begin = 0;
    metadata::Chunk* chunk = nullptr;
  };

  /// How many data pages each slot has. Once, before any other call.
  constexpr void set_pages(Size data_pages) { pages_ = data_pages; }

  /// From the first data page of a slot to that of its neighbour, in bytes.
  [[nodiscard]] constexpr Size stride() const { return (pages_ + 1) * kPageSize; }
  [[nodiscard]] bool empty() const { return runs_ == 0; }
  /// Nothing may be pushed.
  [[nodiscard]] bool full() const { return runs_ == kMostRuns; }
  /// So few that they serve the usual ups and downs of a program that frees in groups; nobody need count their pages.
  [[nodiscard]] bool few() const { return count_ * pages_ < (pages_ == 1 ? kFewPages : kFewLargerPages); }

  void push(const Slot& slot) {
    ++count_;
    if (runs_ > 0) {
      Run& last = stack_[runs_ - 1];
      if (last.begin + last.count * stride() == slot.begin && last.chunk == slot.chunk) {
        ++last.count;
        return;
      }
    }
    stack_[runs_++] = {slot.begin, 1, slot.chunk};
  }

  [[nodiscard]] Slot pop() {
    Run& last = stack_[runs_ - 1];
    const Slot slot{last.begin + --last.count * stride(), last.chunk};
    if (last.count == 0) --runs_;
    --count_;
    return slot;
  }

  /// Takes the last run away.
  [[nodiscard]] Run pop_run() {
    const Run last = stack_[--runs_];
    count_ -= last.count;
    return last;
  }

  /// How many to open at a time, now that there are none: twice as many as the last time, up to a bound, so that
  /// threads that allocate little hold little.
  [[nodiscard]] Size next_batch() { return batch_ = batch_ < kLargestBatch ? 2 * batch_ : batch_; }

  void clear() { runs_ = count_ = 0; }

 private:
  static constexpr Size kMostRuns = 64;
  static constexpr Size kFewPages = 64;
  static constexpr Size kFewLargerPages = 32;
  static constexpr Size kLargestBatch = 16;

  Run stack_[kMostRuns];
  Size runs_ = 0;
  Size count_ = 0;
  Size pages_ = 1;
  Size batch_ = 1;
};

}  // namespace fencepost::heap
