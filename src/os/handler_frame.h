// A program's own signal handler, called where the kernel would have called it.
#pragma once

#include <csignal>

#include "base/range.h"

namespace fencepost::os {

/// Whether continue_in_handler works on this machine.
[[nodiscard]] bool can_continue_in_handler();

/// True if the kernel put the signal's frame right below what the interrupted thread had in use, and did not change
/// to another stack for it. Context: signal.
[[nodiscard]] bool is_below_interrupted(const void* signal_context);

/// Makes the interrupted thread go on in the handler of `action`, on the stack that it was interrupted on, with the
/// mask that the kernel would have set, and with copies of `info` and the context there: the handler's return ends the
/// signal. The calling handler is to return, and is forgotten then, so that faults in the other one find the signal
/// stack free. False, with nothing changed, if there is no room. Not if is_below_interrupted. Context: signal.
[[nodiscard]] bool continue_in_handler(int signal, const siginfo_t* info, void* signal_context,
                                       const struct sigaction& action);

}  // namespace fencepost::os
