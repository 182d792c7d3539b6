// Call stacks without unwind tables: the chain of saved frame pointers.
#pragma once

#include <span>

#include "base/types.h"

namespace fencepost::stack {

/// Return addresses of the calling thread, ours first. Code compiled without frame pointers ends the chain
/// or skips its callers. Context: anywhere.
[[nodiscard]] Size walk_own_frame_pointers(std::span<void*> frames);

/// Calls `take(taker, pc)` with the frames of an interrupted thread, beginning with the interrupted instruction, until
/// it returns false. Context: signal.
void walk_frame_pointers(const void* signal_context, bool (*take)(void* taker, Address pc), void* taker);

/// The same for any callable.
template <typename Take>
void walk_frame_pointers(const void* signal_context, Take take) {
  walk_frame_pointers(
      signal_context, [](void* taker, Address pc) { return (*static_cast<Take*>(taker))(pc); }, &take);
}

}  // namespace fencepost::stack
