// Unwind tables (.eh_frame_hdr and .eh_frame) read into frame rules.
#pragma once

#include "base/types.h"
#include "stack/frame_rule.h"

namespace fencepost::stack {

/// The rule of the frame whose callee returns to `return_address`, from the table of the module that contains
/// it. Unknown for code without a table and for frames that a FrameRule can't describe. Takes no lock and
/// allocates nothing, but believes what the table says: run it in os::attempt. Context: malloc.
[[nodiscard]] FrameRule find_frame_rule(Address return_address);

}  // namespace fencepost::stack
