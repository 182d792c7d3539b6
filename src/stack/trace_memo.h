// Stacks that were walked before.
#pragma once

#include "base/types.h"
#include "os/words.h"
#include "stack/frame_rule.h"

namespace fencepost::stack {

/// Knows the last walks of one thread. A walk by rules depends on nothing but the frame it began with and the words of
/// the stack that it read: while these are the same, so is the trace. Used by one thread at a time. Context: malloc.
class TraceMemo {
 public:
  /// The trace of a walk that began with `caller` and read what is on the stack now, or 0.
  [[nodiscard]] TraceId find(const Frame& caller, std::uint32_t generation) const {
    const Entry& entry = entries_[place_of(caller)];
    const bool same_start = entry.caller == caller && entry.generation == generation && entry.trace != 0;
    return same_start && holds(entry) ? entry.trace : 0;
  }

  /// A walk begins. `generation` is that of the rules it follows.
  void begin(const Frame& caller, std::uint32_t generation) {
    current_ = &entries_[place_of(caller)];
    current_->caller = caller;
    current_->generation = generation;
    current_->trace = 0;
    current_->count = 0;
  }

  /// It read the word at `address`, which is above the stack pointer.
  void note(Address address, Address word) {
    const Size offset = (address - current_->caller.sp) / sizeof(Address);
    Size& count = current_->count;
    if (count < kMostWords && offset <= kMostOffset) {
      current_->words[count] = word;
      current_->offsets[count++] = static_cast<std::uint32_t>(offset);
    } else {
      count = kTooMany;
    }
  }

  /// It is over, and its trace has this id.
  void end(TraceId trace) {
    if (current_->count != kTooMany) current_->trace = trace;
  }

 private:
  static constexpr Size kEntries = 64;
  /// Two words a frame at most, of as many frames as the option depth keeps unless told otherwise.
  static constexpr Size kMostWords = 48;
  static constexpr Size kTooMany = ~Size{0};
  static constexpr Size kMostOffset = ~std::uint32_t{0};

  struct Entry {
    Frame caller;
    Size count = 0;
    TraceId trace = 0;  ///< 0: unused
    std::uint32_t generation = 0;
    std::uint32_t offsets[kMostWords] = {};  ///< of the words from the stack pointer, in words
    Address words[kMostWords] = {};
  };

  [[nodiscard]] static Size place_of(const Frame& caller) {
    return (caller.pc ^ caller.pc >> 6 ^ caller.sp >> 4 ^ caller.sp >> 10) % kEntries;
  }

  [[nodiscard]] static bool holds(const Entry& entry) {
    return os::words_are(reinterpret_cast<const Address*>(entry.caller.sp), entry.offsets, entry.words, entry.count);
  }

  Entry entries_[kEntries];
  Entry* current_ = entries_;
};

}  // namespace fencepost::stack
