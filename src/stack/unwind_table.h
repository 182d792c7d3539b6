// Unwind tables (.eh_frame_hdr and .eh_frame) read into frame rules.
#pragma once

#include "base/range.h"
#include "base/types.h"
#include "stack/frame_rule.h"

namespace fencepost::stack {

/// The rule of the frame whose callee returns to `return_address`, from the table of the module that contains
/// it. Unknown for code without a table and for frames that a FrameRule can't describe. Takes no lock and
/// allocates nothing, but the module may have holes, or go away: run it in os::attempt. Context: malloc.
[[nodiscard]] FrameRule find_frame_rule(Address return_address);

/// The rule of the frame that stands at the instruction that contains `code`, by the .eh_frame_hdr at `table`. Of a
/// table of nonsense any rule, or none; but nothing outside of `module` is read. Context: malloc.
[[nodiscard]] FrameRule read_frame_rule(Range module, Address table, Address code);

}  // namespace fencepost::stack
