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

}  // namespace fencepost::record
