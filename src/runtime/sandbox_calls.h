// Filters of system calls that the program sets for itself.
#pragma once

#include "base/types.h"

namespace fencepost::runtime {

/// prctl(2) and syscall(2), after it was seen whether a filter that they set leaves what guarding takes: if not, the
/// runtime stands down first. The result is libc's, errno too. Context: anywhere.
[[nodiscard]] long call_filtering(long number, const Address (&arguments)[6]);

}  // namespace fencepost::runtime
