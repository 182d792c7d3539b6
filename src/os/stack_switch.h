// Running a function on another stack.
#pragma once

#include "base/range.h"

namespace fencepost::os {

/// Calls `function(argument)` on the upper end of `stack` and comes back. Context: anywhere.
void call_on_stack(Range stack, void (*function)(void*), void* argument);

}  // namespace fencepost::os
