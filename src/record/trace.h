// A captured call stack.
#pragma once

#include <span>

#include "base/types.h"

namespace fencepost::record {

inline constexpr Size kMaxTraceDepth = 64;

/// Return addresses, innermost first. In the trace of a fault the first one is the faulting instruction
/// itself; every other address is one past the call.
struct Trace {
  std::uint32_t size = 0;
  Address frames[kMaxTraceDepth];

  [[nodiscard]] std::span<const Address> view() const { return {frames, size}; }
};

/// The trace of a recursion: as many frames as a stack holds, most of which are alike.
struct FoldedTrace {
  Trace head;                ///< the innermost frames
  std::uint64_t folded = 0;  ///< how many are left out between head and tail
  Trace kinds;               ///< the program counters among those, each once, as far as there is room
  Trace tail;                ///< the outermost frames
  bool complete = true;      ///< false: there were still more frames, and the tail is not the outermost
};

}  // namespace fencepost::record
