// Call stacks by unwind tables, without libunwind's detours.
#pragma once

#include <span>

#include "base/types.h"
#include "stack/frame_rule.h"
#include "stack/rule_cache.h"
#include "stack/trace_memo.h"

namespace fencepost::stack {

/// Writes where `start` and its callers go on, and returns their number; 0 if a frame on the way has no rule, so
/// that somebody else must walk. Notes what it reads in `memo`, if there is one. Reads whatever the frames point at:
/// run it in os::attempt. Context: malloc.
[[nodiscard]] Size walk_tables(const Frame& start, RuleCache& rules, TraceMemo* memo, std::span<Address> frames);

}  // namespace fencepost::stack
