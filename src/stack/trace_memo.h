// Stacks that were walked before.
#pragma once

#include "base/types.h"
#include "os/words.h"
#include "stack/frame_rule.h"

namespace fencepost::stack {

/// Knows the last walks of one thread. A walk by rules depends on nothing but the frame it began with, of its frame
/// pointer only if that was used, and the words of the stack that it went by: while these are the same, so is the
/// trace. Used by one thread at a time. Context: malloc.
class TraceMemo {
 public:
  /// The trace of a walk that began with `caller` and read what is on the stack now, or 0.
  [[nodiscard]] TraceId find(const Frame& caller, std::uint32_t generation) {
    Set& set = sets_[place_of(caller)];
    for (Size way = 0; way < kWays; ++way) {
      const Entry& entry = set.ways[way];
      if (!entry.begins_with(caller, generation) || !entry.holds()) continue;
      set.last = way;
      return entry.trace;
    }
    return 0;
  }

  /// A walk begins, which takes the place of one that was not found last. `generation` is that of the rules it follows.
  void begin(const Frame& caller, std::uint32_t generation) {
    Set& set = sets_[place_of(caller)];
    set.last = (set.last + 1) % kWays;
    current_ = &set.ways[set.last];
    current_->caller = caller;
    current_->generation = generation;
    current_->trace = 0;
    current_->count = 0;
    current_->by_frame_pointer = false;
  }

  /// It used the frame pointer that it began with.
  void note_frame_pointer() { current_->by_frame_pointer = true; }

  /// It went by the word at `address`, which is above the stack pointer.
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
  /// A function is called from several places in turn, and its frame is the same each time.
  static constexpr Size kWays = 2;
  static constexpr Size kSets = 32;
  /// Two words a frame at most, of as many frames as the option depth keeps unless told otherwise.
  static constexpr Size kMostWords = 48;
  static constexpr Size kTooMany = ~Size{0};
  static constexpr Size kMostOffset = ~std::uint32_t{0};

  struct Entry {
    Frame caller;
    Size count = 0;
    TraceId trace = 0;  ///< 0: unused
    std::uint32_t generation = 0;
    bool by_frame_pointer = false;
    std::uint32_t offsets[kMostWords] = {};  ///< of the words from the stack pointer, in words
    Address words[kMostWords] = {};

    [[nodiscard]] bool begins_with(const Frame& start, std::uint32_t rules) const {
      return caller.pc == start.pc && caller.sp == start.sp && (!by_frame_pointer || caller.bp == start.bp) &&
             generation == rules && trace != 0;
    }
    [[nodiscard]] bool holds() const {
      return os::words_are(reinterpret_cast<const Address*>(caller.sp), offsets, words, count);
    }
  };
  struct Set {
    Entry ways[kWays];
    Size last = 0;  ///< the one that was used last
  };

  [[nodiscard]] static Size place_of(const Frame& caller) {
    return (caller.pc ^ caller.pc >> 6 ^ caller.sp >> 4 ^ caller.sp >> 10) % kSets;
  }

  Set sets_[kSets];
  Entry* current_ = sets_[0].ways;
};

}  // namespace fencepost::stack
