#include "heap/placement.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using namespace fencepost::heap;

namespace {
constexpr Size kSizes[] = {0, 1, 7, 8, 13, 16, 24, 40, 4095, 4096, 4097, 65536, 1000001};
}

TEST_CASE("the natural alignment is what the ABI lets a compiler assume", "[heap]") {
  struct Case {
    Size size;
    Size alignment;
  };
  const Case cases[] = {{0, 1}, {1, 1},  {2, 2},  {3, 2},   {4, 4},   {7, 4},
                        {8, 8}, {13, 8}, {15, 8}, {16, 16}, {17, 16}, {1000001, 16}};
  for (const Case& one : cases) {
    CAPTURE(one.size);
    CHECK(natural_alignment(one.size) == one.alignment);
  }
}

TEST_CASE("the effective alignment is the larger of what is asked for and what is the least", "[heap]") {
  CHECK(effective_alignment(40, 0, 0) == 16);
  CHECK(effective_alignment(40, 8, 0) == 16);
  CHECK(effective_alignment(40, 64, 0) == 64);
  CHECK(effective_alignment(40, 0, 1) == 1);
  CHECK(effective_alignment(40, 8, 1) == 8);
  CHECK(effective_alignment(3, 0, 4096) == 4096);
  CHECK(effective_alignment(0, 0, 0) == 1);
}

TEST_CASE("blocks lie in their pages, aligned, against the side they should", "[heap]") {
  for (const Size size : kSizes) {
    for (Size alignment = 1; alignment <= Size{64} << 20; alignment *= 2) {
      for (const Side side : {Side::end, Side::begin}) {
        const Placement placed = place(size, alignment, side);
        const Size data = placed.data_pages * kPageSize;
        CAPTURE(size, alignment, static_cast<int>(side));
        REQUIRE(placed.offset + size <= data);
        REQUIRE(data < size + kPageSize);
        REQUIRE(is_aligned(placed.offset, std::min(alignment, kPageSize)));
        REQUIRE(is_aligned(placed.slot_alignment(), kPageSize));
        REQUIRE(placed.slot_alignment() >= alignment);
        if (side == Side::begin) {
          REQUIRE(placed.offset == 0);
        } else {
          REQUIRE(data - placed.offset - size < std::max(alignment, Size{1}));
        }
      }
    }
  }
}

TEST_CASE("with byte alignment the end touches the fence exactly", "[heap]") {
  for (const Size size : kSizes) {
    const Placement placed = place(size, 1, Side::end);
    CAPTURE(size);
    CHECK(placed.offset + size == placed.data_pages * kPageSize);
  }
}

TEST_CASE("a block of zero bytes needs no pages", "[heap]") {
  for (const Side side : {Side::end, Side::begin}) {
    CHECK(place(0, 1, side).data_pages == 0);
    CHECK(place(0, 64, side).offset == 0);
  }
}

TEST_CASE("examples with their slack", "[heap]") {
  CHECK(place(40, 16, Side::end).offset == 4096 - 48);
  CHECK(place(13, 8, Side::end).offset == 4096 - 16);
  CHECK(place(4097, 16, Side::end).offset == 8192 - 4112);
  CHECK(place(1000001, 16, Side::end).data_pages == 245);
  CHECK(place(100, 4096, Side::end).offset == 0);
}
