// How much memory this process may count on.
#pragma once

#include "base/types.h"

namespace fencepost::os {

/// Physical memory and swap of the machine, in bytes.
[[nodiscard]] Size total_memory();

/// What can be had now without pushing others out, in bytes: MemAvailable of /proc/meminfo, or what the memory
/// cgroup leaves if that is less (cgroup v2 memory.max, v1 memory.limit_in_bytes). Context: start-up.
[[nodiscard]] Size available_memory();

}  // namespace fencepost::os
