#include "heap/pattern.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "support.h"

using namespace fencepost;

TEST_CASE("a pattern holds where it was filled in, and is broken by any byte", "[heap]") {
  std::vector<char> memory(4 * kPageSize, '\x11');
  const Address begin = align_up(test::address_of(memory.data()), kPageSize);
  const heap::Pattern pattern(0xfd);
  for (const auto& [offset, size] : {std::pair<Size, Size>{0, kPageSize}, {1, 1}, {4095, 2}, {100, 9000}, {7, 0}}) {
    const Range range{begin + offset, begin + offset + size};
    CAPTURE(offset, size);
    CHECK(pattern.holds(range) == (size == 0));
    pattern.fill(range);
    CHECK(pattern.holds(range));
    for (Address at = range.begin; at < range.end; ++at) {
      test::byte_at(at) = '\xfc';
      if (pattern.holds(range)) FAIL("byte " << at - range.begin);
      test::byte_at(at) = '\xfd';
    }
    CHECK(pattern.holds(range));
    std::memset(reinterpret_cast<void*>(range.begin), 0x11, size);
  }
}

TEST_CASE("a pattern is one of zeros until it is set", "[heap]") {
  heap::Pattern pattern;
  CHECK(pattern.byte() == 0);
  pattern.set(0xff);
  CHECK(pattern.byte() == 0xff);
}
