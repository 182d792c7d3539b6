// What lies at an address outside of the heap.
#pragma once

#include "metadata/thread_table.h"
#include "record/fault_record.h"

namespace fencepost::fault {

/// Fills in the place of `fault.address`: whose stack it is in, as known by the threads and by `fault.sp`, and what is
/// open above it. Context: signal.
void locate(record::FaultRecord& fault, const metadata::ThreadTable& threads);

}  // namespace fencepost::fault
