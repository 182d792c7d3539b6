#include "base/align.h"

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("align_down and align_up meet at multiples", "[base]") {
  for (const Size alignment : {Size{1}, Size{2}, Size{16}, kPageSize, Size{1} << 40}) {
    CAPTURE(alignment);
    CHECK(align_down(0, alignment) == 0);
    CHECK(align_up(0, alignment) == 0);
    CHECK(align_down(3 * alignment, alignment) == 3 * alignment);
    CHECK(align_up(3 * alignment, alignment) == 3 * alignment);
    CHECK(align_down(4 * alignment - 1, alignment) == (alignment == 1 ? 3 : 3 * alignment));
    CHECK(align_up(3 * alignment + 1, alignment) == 4 * alignment);
  }
}

TEST_CASE("is_aligned asks for a multiple", "[base]") {
  CHECK(is_aligned(0x1000, 0x1000));
  CHECK_FALSE(is_aligned(0x1008, 0x10));
  CHECK(is_aligned(7, 1));
}

TEST_CASE("is_power_of_two knows the borders", "[base]") {
  CHECK_FALSE(is_power_of_two(0));
  CHECK(is_power_of_two(1));
  CHECK_FALSE(is_power_of_two(3));
  CHECK(is_power_of_two(Size{1} << 63));
  CHECK_FALSE(is_power_of_two(~Size{0}));
}

TEST_CASE("pages_for counts pages begun", "[base]") {
  CHECK(pages_for(0) == 0);
  CHECK(pages_for(1) == 1);
  CHECK(pages_for(4096) == 1);
  CHECK(pages_for(4097) == 2);
  CHECK(pages_for(1000001) == 245);
}
