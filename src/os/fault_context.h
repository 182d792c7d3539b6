// What the kernel tells a signal handler about the interrupted instruction.
#pragma once

#include <csignal>

#include "base/types.h"
#include "record/fault_record.h"

namespace fencepost::os {

struct FaultContext {
  Address pc = 0;
  Address sp = 0;
  Address address = 0;
  bool address_known = true;
  record::Access access = record::Access::unknown;
  bool raised_by_program = false;  ///< kill, raise, sigqueue: no instruction faulted
};

/// Context: signal.
[[nodiscard]] FaultContext decode_fault(const siginfo_t& info, const void* context);

/// Makes the interrupted thread go on in `function`, which must not return, on its own stack below what it
/// had in use. Context: signal.
void continue_in(void* context, void (*function)());

}  // namespace fencepost::os
