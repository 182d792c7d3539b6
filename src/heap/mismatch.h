// Whether a release goes with the allocation.
#pragma once

#include "heap/caller.h"
#include "record/block_record.h"
#include "record/fault_record.h"

namespace fencepost::heap {

/// True if the function that frees `block`, and what it says of it, are what the block was allocated with; else
/// fills the event of `error`, the block, and what was said. Pure.
[[nodiscard, gnu::noinline]] bool matches(const record::BlockRecord& block, const Caller& caller,
                                          record::FaultRecord& error);

}  // namespace fencepost::heap
