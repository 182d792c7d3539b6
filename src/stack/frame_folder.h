// Telling the many frames of a recursion in a few.
#pragma once

#include "base/types.h"
#include "record/trace.h"

namespace fencepost::stack {

/// Takes the frames of a stack, innermost first, and keeps the first ones, the last ones, and of those between which
/// there are. Context: signal.
class FrameFolder {
 public:
  /// Frames that are taken at most: a stack of 8 MiB has half of it.
  static constexpr std::uint64_t kMost = std::uint64_t{1} << 20;

  explicit FrameFolder(record::FoldedTrace& trace) : trace_(trace) {}

  /// False when no more are taken.
  bool add(Address pc) {
    if (count_ == kMost) {
      trace_.complete = false;
      return false;
    }
    ++count_;
    if (trace_.head.size < kHead) {
      trace_.head.frames[trace_.head.size++] = pc;
      return true;
    }
    if (waiting_ == kTail) {
      fold(ring_[oldest_]);
    } else {
      ++waiting_;
    }
    ring_[(oldest_ + waiting_ - 1) % kTail] = pc;
    return true;
  }

  [[nodiscard]] Size count() const { return count_; }

  /// Once, after the last frame: what has waited is the tail, but for frames of the recursion.
  void finish() {
    if (trace_.folded != 0) {
      Size recursive = 0;
      for (Size i = 0; i < waiting_; ++i) recursive = is_known(waiting(i)) ? i + 1 : recursive;
      trace_.folded += recursive;
      drop(recursive);
    }
    for (Size i = 0; i < waiting_; ++i) trace_.tail.frames[trace_.tail.size++] = waiting(i);
  }

 private:
  static constexpr Size kHead = 16;
  static constexpr Size kTail = 32;

  [[nodiscard]] Address waiting(Size index) const { return ring_[(oldest_ + index) % kTail]; }
  void drop(Size frames) {
    oldest_ = (oldest_ + frames) % kTail;
    waiting_ -= frames;
  }
  [[nodiscard]] bool is_known(Address pc) const {
    for (const Address known : trace_.kinds.view()) {
      if (known == pc) return true;
    }
    return false;
  }
  void fold(Address pc) {
    oldest_ = (oldest_ + 1) % kTail;
    ++trace_.folded;
    record::Trace& kinds = trace_.kinds;
    if (!is_known(pc) && kinds.size < record::kMaxTraceDepth) kinds.frames[kinds.size++] = pc;
  }

  record::FoldedTrace& trace_;
  std::uint64_t count_ = 0;
  Address ring_[kTail];
  Size oldest_ = 0;
  Size waiting_ = 0;
};

}  // namespace fencepost::stack
