// One instruction at a time.
#pragma once

#include <csignal>

namespace fencepost::os {

/// Whether step_once works on this machine: x86-64's trap flag.
[[nodiscard]] bool can_step();

/// Makes the interrupted thread stop with SIGTRAP (TRAP_TRACE) after the next instruction, with no signal let in
/// before but faults and that one. Returns the mask that the thread had, for `step_done`. Context: signal.
[[nodiscard]] sigset_t step_once(void* signal_context);

/// Lets the interrupted thread run on under `mask`. Context: signal, the SIGTRAP.
void step_done(void* signal_context, const sigset_t& mask);

}  // namespace fencepost::os
