// Which engine this process gets, and why.
#pragma once

#include <string_view>

#include "fence/any_fence.h"

namespace fencepost::fence {

struct Choice {
  AnyFence fence;
  std::string_view reason;  ///< a fixed phrase for people
};

/// Probes by trying: an engine that is wanted but does not work here is refused with the reason.
/// `reservation` is address space that nobody uses yet; it is left as it was. Context: start-up.
[[nodiscard]] Choice choose_fence(EngineKind wanted, Range reservation);

}  // namespace fencepost::fence
