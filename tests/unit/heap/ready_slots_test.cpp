#include "heap/ready_slots.h"

#include <catch2/catch.hpp>

using namespace fencepost;

namespace {

constexpr Address kFirst = 0x200000;
constexpr Size kStride = 2 * kPageSize;

heap::ReadySlots::Slot slot(Address begin, metadata::Chunk* chunk = nullptr) { return {begin, chunk}; }

heap::ReadySlots neighbours(Size count) {
  heap::ReadySlots ready;
  for (Size i = 0; i < count; ++i) ready.push(slot(kFirst + i * kStride));
  return ready;
}

}  // namespace

TEST_CASE("ready slots come back, the last one first, until there are none", "[heap]") {
  heap::ReadySlots ready;
  CHECK(ready.empty());
  ready.push(slot(kFirst));
  ready.push(slot(kFirst + kStride));
  ready.push(slot(kFirst + 7 * kStride));
  CHECK(ready.pop().begin == kFirst + 7 * kStride);
  CHECK(ready.pop().begin == kFirst + kStride);
  ready.push(slot(kFirst + 8 * kStride));
  CHECK(ready.pop().begin == kFirst + 8 * kStride);
  CHECK(ready.pop().begin == kFirst);
  CHECK(ready.empty());
}

TEST_CASE("there is room for any number of neighbours", "[heap]") {
  heap::ReadySlots ready = neighbours(100000);
  CHECK_FALSE(ready.full());
  for (Size i = 100000; i-- > 0;) REQUIRE(ready.pop().begin == kFirst + i * kStride);
  CHECK(ready.empty());
}

TEST_CASE("slots that are nobody's neighbours fill it up, and one less makes room", "[heap]") {
  heap::ReadySlots ready;
  Address last = kFirst;
  Size pushed = 0;
  for (; !ready.full(); ++pushed) ready.push(slot(last += 2 * kStride));
  CHECK(pushed == 64);
  CHECK(ready.pop().begin == last);
  CHECK_FALSE(ready.full());
}

TEST_CASE("few slots are few pages", "[heap]") {
  CHECK(neighbours(63).few());
  CHECK_FALSE(neighbours(64).few());
  heap::ReadySlots larger;
  larger.set_pages(4);
  CHECK(larger.stride() == 5 * kPageSize);
  for (Size i = 0; i < 8; ++i) {
    CHECK(larger.few());
    larger.push(slot(kFirst + i * larger.stride()));
  }
  CHECK_FALSE(larger.few());
}

TEST_CASE("a run of ready slots is taken away whole, the last one first", "[heap]") {
  heap::ReadySlots ready = neighbours(3);
  ready.push(slot(kFirst + 10 * kStride));
  ready.push(slot(kFirst + 11 * kStride));
  const auto last = ready.pop_run();
  CHECK((last.begin == kFirst + 10 * kStride && last.count == 2));
  const auto first = ready.pop_run();
  CHECK((first.begin == kFirst && first.count == 3));
  CHECK(ready.empty());
  CHECK(ready.few());
}

TEST_CASE("neighbours of different chunks are different runs, and know their chunks", "[heap]") {
  heap::ReadySlots ready;
  auto* const one = reinterpret_cast<metadata::Chunk*>(0x1000);
  auto* const other = reinterpret_cast<metadata::Chunk*>(0x2000);
  ready.push(slot(kFirst, one));
  ready.push(slot(kFirst + kStride, other));
  ready.push(slot(kFirst + 2 * kStride, other));
  CHECK(ready.pop().chunk == other);
  const auto last = ready.pop_run();
  CHECK((last.chunk == other && last.count == 1));
  CHECK(ready.pop().chunk == one);
  CHECK(ready.empty());
}

TEST_CASE("more are opened at a time each time, up to sixteen", "[heap]") {
  heap::ReadySlots ready;
  for (const Size expected : {2, 4, 8, 16, 16, 16}) CHECK(ready.next_batch() == expected);
}

TEST_CASE("ready slots are forgotten", "[heap]") {
  heap::ReadySlots ready = neighbours(100);
  ready.clear();
  CHECK(ready.empty());
  CHECK(ready.few());
}
