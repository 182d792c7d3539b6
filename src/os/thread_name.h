// The names that threads go by.
#pragma once

#include "base/types.h"

namespace fencepost::os {

/// Linux's TASK_COMM_LEN: 15 characters and a zero.
inline constexpr Size kThreadNameSize = 16;

/// Writes the zero-terminated name of the calling thread. Context: anywhere.
void own_thread_name(char (&name)[kThreadNameSize]);

/// Writes the name of a living thread of this process; false if it is gone. Context: anywhere.
[[nodiscard]] bool thread_name(int thread_id, char (&name)[kThreadNameSize]);

}  // namespace fencepost::os
