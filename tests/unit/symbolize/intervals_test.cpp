#include "symbolize/intervals.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

using fencepost::symbolize::Intervals;

namespace {

std::string holding(const Intervals<char>& intervals, std::uint64_t address) {
  std::string found;
  intervals.for_each_holding(address, [&](std::uint64_t, std::uint64_t, char value) { found += value; });
  return found;
}

}  // namespace

TEST_CASE("an interval holds its first address and not its end", "[symbolize]") {
  Intervals<char> intervals;
  intervals.add(0x1000, 0x1010, 'a');
  intervals.put_in_order();
  CHECK(holding(intervals, 0xfff).empty());
  CHECK(holding(intervals, 0x1000) == "a");
  CHECK(holding(intervals, 0x100f) == "a");
  CHECK(holding(intervals, 0x1010).empty());
}

TEST_CASE("of intervals within each other the one that begins last comes first", "[symbolize]") {
  Intervals<char> intervals;
  intervals.add(0x1020, 0x1030, 'c');
  intervals.add(0x1000, 0x1100, 'a');
  intervals.add(0x1010, 0x1018, 'b');
  intervals.put_in_order();
  CHECK(holding(intervals, 0x1028) == "ca");
  CHECK(holding(intervals, 0x1017) == "ba");
  CHECK(holding(intervals, 0x10ff) == "a");
}

TEST_CASE("empty and inverted intervals hold nothing", "[symbolize]") {
  Intervals<char> intervals;
  intervals.add(0x1000, 0x1000, 'a');
  intervals.add(0x1010, 0x1000, 'b');
  intervals.put_in_order();
  CHECK(intervals.empty());
  CHECK(holding(intervals, 0x1000).empty());
  CHECK(holding(intervals, 0x1005).empty());
}

TEST_CASE("every interval that holds an address is found", "[symbolize]") {
  std::mt19937 random(1);
  for (int turn = 0; turn < 200; ++turn) {
    struct Plain {
      std::uint64_t begin;
      std::uint64_t end;
    };
    std::vector<Plain> all;
    Intervals<std::size_t> intervals;
    for (std::size_t i = 0; i < 20; ++i) {
      all.push_back({random() % 100, random() % 100});
      intervals.add(all[i].begin, all[i].end, i);
    }
    intervals.put_in_order();
    for (std::uint64_t address = 0; address < 101; ++address) {
      std::vector<bool> found(all.size());
      intervals.for_each_holding(address, [&](std::uint64_t, std::uint64_t, std::size_t i) { found[i] = true; });
      for (std::size_t i = 0; i < all.size(); ++i) {
        REQUIRE(found[i] == (all[i].begin <= address && address < all[i].end));
      }
    }
  }
}
