// Where reports are written, and whatever else needs more stack than a failing thread may have.
#pragma once

namespace fencepost::fault {

/// Runs `function(argument)` on a stack of 256 KiB, with another one for faults in it, and comes back.
/// Context: signal, one thread at a time, not from within.
void call_on_report_stack(void (*function)(void*), void* argument);

}  // namespace fencepost::fault
