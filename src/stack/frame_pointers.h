// Call stacks without unwind tables: the chain of saved frame pointers.
#pragma once

#include <span>

#include "base/types.h"

namespace fencepost::stack {

/// Return addresses of the calling thread, ours first. Code compiled without frame pointers ends the chain
/// or skips its callers. Context: anywhere.
[[nodiscard]] Size walk_own_frame_pointers(std::span<void*> frames);

/// The same for an interrupted thread, beginning with the interrupted instruction. Context: signal.
[[nodiscard]] Size walk_frame_pointers(const void* signal_context, std::span<Address> frames);

}  // namespace fencepost::stack
