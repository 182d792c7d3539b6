// Where in its pages a block lies. Pure geometry.
#pragma once

#include <algorithm>
#include <bit>

#include "base/align.h"
#include "base/types.h"

namespace fencepost::heap {

enum class Side : std::uint8_t {
  end,    ///< the block's end touches the fence after it, but for alignment
  begin,  ///< the block's start touches the fence before it
};

struct Placement {
  Size data_pages = 0;  ///< pages that the block needs; 0 for a block of zero bytes
  Size offset = 0;      ///< of the block from the first of them, in bytes
  Size alignment = 1;   ///< of the block's address, in bytes: what was asked for or more
  /// Of the first data page. More than a page only for blocks aligned to more than a page.
  [[nodiscard]] constexpr Size slot_alignment() const { return std::max(alignment, kPageSize); }
};

/// What the ABI lets a compiler assume of a block of this size: 16 bytes from size 16 on, below it the
/// largest power of two that fits.
[[nodiscard]] constexpr Size natural_alignment(Size size) {
  if (size == 0) return 1;
  return std::min(std::bit_floor(size), Size{16});
}

/// The alignment a block gets: the one asked for (0: none), but at least `least` (0: the natural one).
[[nodiscard]] constexpr Size effective_alignment(Size size, Size asked, Size least) {
  return std::max(asked == 0 ? Size{1} : asked, least == 0 ? natural_alignment(size) : least);
}

/// `alignment` is a power of two; `size` at most PTRDIFF_MAX.
[[nodiscard]] constexpr Placement place(Size size, Size alignment, Side side) {
  Placement placement{.data_pages = pages_for(size), .offset = 0, .alignment = alignment};
  if (side == Side::end && alignment < kPageSize) {
    placement.offset = placement.data_pages * kPageSize - align_up(size, alignment);
  }
  return placement;
}

}  // namespace fencepost::heap
