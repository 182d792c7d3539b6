// From what happened to what it means. Pure: no memory is read but the arguments.
#pragma once

#include "record/block_record.h"
#include "record/fault_record.h"
#include "record/finding.h"

namespace fencepost::diagnosis {

/// Names the error behind `fault`, given the blocks around its address.
///
/// An address in a fence belongs to the nearer of its two neighbours. Whatever touches a freed block or its
/// surroundings is a use after free. Context: anywhere.
[[nodiscard]] record::Finding diagnose(const record::FaultRecord& fault, const record::Neighbours& around);

}  // namespace fencepost::diagnosis
