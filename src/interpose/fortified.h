// What the names that -D_FORTIFY_SOURCE calls add to the plain ones.
#pragma once

#include "base/types.h"

extern "C" [[noreturn]] void __chk_fail();

namespace fencepost::interpose {

/// `size`, which the compiler knows to fit into no more than `room` bytes; libc ends the program if it does
/// not.
[[gnu::always_inline]] inline Size within(Size room, Size size) {
  if (size > room) [[unlikely]]
    __chk_fail();
  return size;
}

/// The same for `count` items of `size` bytes.
[[gnu::always_inline]] inline Size items_within(Size room, Size size, Size count) {
  Size bytes = 0;
  if (__builtin_mul_overflow(size, count, &bytes) || bytes > room) [[unlikely]]
    __chk_fail();
  return count;
}

}  // namespace fencepost::interpose
