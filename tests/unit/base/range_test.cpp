#include "base/range.h"

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("a range is half open", "[base]") {
  constexpr Range range{0x6000, 0x7000};
  CHECK(range.size() == 0x1000);
  CHECK_FALSE(range.empty());
  CHECK_FALSE(range.contains(0x5fff));
  CHECK(range.contains(0x6000));
  CHECK(range.contains(0x6fff));
  CHECK_FALSE(range.contains(0x7000));
}

TEST_CASE("an empty range contains nothing", "[base]") {
  CHECK(Range{}.empty());
  CHECK_FALSE(Range{}.contains(0));
  CHECK_FALSE(Range{0x6000, 0x6000}.contains(0x6000));
  CHECK(Range{1, 2} == Range{1, 2});
  CHECK_FALSE(Range{1, 2} == Range{1, 3});
}
