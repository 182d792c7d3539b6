// Bytes that memory is filled with, and compared with.
#pragma once

#include <algorithm>
#include <cstring>

#include "base/align.h"
#include "base/range.h"
#include "base/types.h"

namespace fencepost::heap {

/// One byte, a page full. Memory is compared with that page, at the same place in it: that costs a quarter less than to
/// compare memory with itself a byte further, which no load is aligned for. Context: malloc.
class Pattern {
 public:
  constexpr Pattern() = default;
  explicit Pattern(std::uint8_t byte) { set(byte); }

  /// Before any other call.
  void set(std::uint8_t byte) { std::memset(page_, byte, sizeof page_); }

  [[nodiscard]] std::uint8_t byte() const { return page_[0]; }

  /// Fills bytes whose pages are open.
  void fill(Range range) const { std::memset(reinterpret_cast<void*>(range.begin), byte(), range.size()); }

  /// True if that is what all of them hold still.
  [[nodiscard]] bool holds(Range range) const {
    while (!range.empty()) {
      const Size offset = range.begin % kPageSize;
      const Size size = std::min(range.size(), kPageSize - offset);
      if (std::memcmp(reinterpret_cast<const void*>(range.begin), page_ + offset, size) != 0) return false;
      range.begin += size;
    }
    return true;
  }

 private:
  static constexpr Size kCacheLine = 64;
  alignas(kCacheLine) std::uint8_t page_[kPageSize] = {};
};

}  // namespace fencepost::heap
