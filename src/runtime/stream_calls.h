// stdio, for transfers so large that it hands the program's own buffer to the kernel.
#pragma once

#include <cstdio>

#include "runtime/system_calls.h"

namespace fencepost::runtime {

/// Bytes of `count` items of `size`; as many as there can be if that overflows.
[[nodiscard]] inline Size items(Size size, Size count) {
  Size bytes = 0;
  return __builtin_mul_overflow(size, count, &bytes) ? ~Size{0} : bytes;
}

/// A call that came back with `result` of `count` items: fewer with an error that is EFAULT had a bad buffer.
[[gnu::always_inline]] inline Size checked_items(Size result, Size count, FILE* stream, SystemCall call,
                                                 const CallBuffer& buffer) {
  if (result >= count) [[likely]]
    return result;
  if (errno == EFAULT && ferror_unlocked(stream) != 0) tell_failure(entered(call), {buffer});
  return result;
}

}  // namespace fencepost::runtime
