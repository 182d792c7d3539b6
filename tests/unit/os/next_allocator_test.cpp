#include "os/next_allocator.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "base/align.h"
#include "support.h"

using namespace fencepost;

TEST_CASE("the next allocator serves blocks and takes them back", "[os]") {
  void* const block = os::next_malloc(1000);
  REQUIRE(block != nullptr);
  std::memset(block, 1, 1000);
  os::next_free(block);
  os::next_free(nullptr);
}

TEST_CASE("its calloc zeroes memory that was used before", "[os]") {
  for (int i = 0; i < 100; ++i) {
    auto* const block = static_cast<char*>(os::next_calloc(1000));
    REQUIRE(block != nullptr);
    CHECK(std::all_of(block, block + 1000, [](char c) { return c == 0; }));
    std::memset(block, 1, 1000);
    os::next_free(block);
  }
}

TEST_CASE("its memalign aligns", "[os]") {
  for (Size alignment = 16; alignment <= 1 << 20; alignment *= 4) {
    void* const block = os::next_memalign(alignment, 24);
    CHECK(is_aligned(test::address_of(block), alignment));
    os::next_free(block);
  }
}

TEST_CASE("its realloc keeps contents, and a block of 0 bytes is one", "[os]") {
  void* const block = os::next_malloc(40);
  REQUIRE(block != nullptr);
  std::memset(block, 'x', 40);
  void* const larger = os::next_realloc(block, 5000);
  REQUIRE(larger != nullptr);
  CHECK(std::memcmp(larger, "xxxxxxxxxxxxxxxx", 16) == 0);
  void* const empty = os::next_realloc(larger, 0);
  REQUIRE(empty != nullptr);
  os::next_free(empty);
}

TEST_CASE("it returns null for what nobody has", "[os]") { CHECK(os::next_malloc(Size{1} << 62) == nullptr); }
