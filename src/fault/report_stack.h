// Where reports are written, and whatever else needs more stack than a failing thread may have.
#pragma once

#include "base/range.h"

namespace fencepost::fault {

/// Runs `function(argument)` on a stack of 256 KiB, with another one for faults in it, and comes back.
/// Context: signal, one thread at a time, not from within.
void call_on_report_stack(void (*function)(void*), void* argument);

/// Runs `function(argument)` on `own`, the signal stack that the calling thread has of ours, with the frames
/// of faults in it there too, and comes back: the program's signal stack, where the handler was called, may
/// have next to no room. In place if there is none, or if this is it. Context: signal.
void call_on_own_stack(Range own, void (*function)(void*), void* argument);

/// The same for a callable.
template <typename Body>
void on_own_stack(Range own, Body body) {
  call_on_own_stack(
      own, [](void* argument) { (*static_cast<Body*>(argument))(); }, &body);
}

}  // namespace fencepost::fault
