// Alignment arithmetic. Every alignment is a power of two.
#pragma once

#include <bit>

#include "base/types.h"

namespace fencepost {

[[nodiscard]] constexpr bool is_power_of_two(Size value) { return std::has_single_bit(value); }

[[nodiscard]] constexpr Size align_down(Size value, Size alignment) { return value & ~(alignment - 1); }

/// Rounds up; the caller knows that `value + alignment` does not overflow.
[[nodiscard]] constexpr Size align_up(Size value, Size alignment) {
  return align_down(value + alignment - 1, alignment);
}

[[nodiscard]] constexpr bool is_aligned(Size value, Size alignment) { return align_down(value, alignment) == value; }

[[nodiscard]] constexpr Size pages_for(Size bytes) { return align_up(bytes, kPageSize) >> kPageShift; }

}  // namespace fencepost
