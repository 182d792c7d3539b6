#include "base/hash.h"

#include <bit>
#include <catch2/catch.hpp>
#include <set>

using namespace fencepost;

TEST_CASE("mix is a permutation: nothing collides", "[base]") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t word = 0; word < 10000; ++word) seen.insert(mix(word << 12));
  CHECK(seen.size() == 10000);
}

TEST_CASE("mix spreads page addresses over the low bits", "[base]") {
  std::set<std::uint64_t> buckets;
  for (std::uint64_t page = 1; page <= 4096; ++page) buckets.insert(mix(page << 12) & 1023);
  CHECK(buckets.size() > 950);
}

TEST_CASE("mix turns about half of the bits when one changes", "[base]") {
  for (int bit = 0; bit < 64; ++bit) {
    const int turned = std::popcount(mix(0x12345678) ^ mix(0x12345678 ^ (std::uint64_t{1} << bit)));
    CAPTURE(bit);
    CHECK(turned > 12);
    CHECK(turned < 52);
  }
}
