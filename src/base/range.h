// A half-open range of addresses.
#pragma once

#include "base/types.h"

namespace fencepost {

struct Range {
  Address begin = 0;
  Address end = 0;

  [[nodiscard]] constexpr Size size() const { return end - begin; }
  [[nodiscard]] constexpr bool empty() const { return begin == end; }
  [[nodiscard]] constexpr bool contains(Address address) const { return address >= begin && address < end; }

  friend constexpr bool operator==(const Range&, const Range&) = default;
};

}  // namespace fencepost
