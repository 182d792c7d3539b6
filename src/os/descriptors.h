// Descriptors, past our own interposed functions.
#pragma once

namespace fencepost::os {

/// close(2) by libc, because it is a cancellation point. -1 and errno on failure, as all of these.
int next_close(int descriptor);
[[nodiscard]] int kernel_close_range(unsigned first, unsigned last, int flags);
[[nodiscard]] int kernel_dup2(int from, int to);
[[nodiscard]] int kernel_dup3(int from, int to, int flags);

/// The soft RLIMIT_NOFILE.
[[nodiscard]] int descriptor_limit();

}  // namespace fencepost::os
