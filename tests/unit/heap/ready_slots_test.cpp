#include "heap/ready_slots.h"

#include <catch2/catch.hpp>

using namespace fencepost;

namespace {

constexpr Address kFirst = 0x200000;
constexpr Size kStride = 2 * kPageSize;

heap::ReadySlots neighbours(Size count) {
  heap::ReadySlots ready;
  for (Size i = 0; i < count; ++i) ready.push(kFirst + i * kStride);
  return ready;
}

}  // namespace

TEST_CASE("ready slots come back, the last one first, until there are none", "[heap]") {
  heap::ReadySlots ready;
  CHECK(ready.empty());
  ready.push(kFirst);
  ready.push(kFirst + kStride);
  ready.push(kFirst + 7 * kStride);
  CHECK(ready.pop() == kFirst + 7 * kStride);
  CHECK(ready.pop() == kFirst + kStride);
  ready.push(kFirst + 8 * kStride);
  CHECK(ready.pop() == kFirst + 8 * kStride);
  CHECK(ready.pop() == kFirst);
  CHECK(ready.empty());
}

TEST_CASE("there is room for any number of neighbours", "[heap]") {
  heap::ReadySlots ready = neighbours(100000);
  CHECK_FALSE(ready.full());
  for (Size i = 100000; i-- > 0;) REQUIRE(ready.pop() == kFirst + i * kStride);
  CHECK(ready.empty());
}

TEST_CASE("slots that are nobody's neighbours fill it up, and one less makes room", "[heap]") {
  heap::ReadySlots ready;
  Address slot = kFirst;
  Size pushed = 0;
  for (; !ready.full(); ++pushed) ready.push(slot += 2 * kStride);
  CHECK(pushed == 64);
  CHECK(ready.pop() == slot);
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
    larger.push(kFirst + i * larger.stride());
  }
  CHECK_FALSE(larger.few());
}

TEST_CASE("a run of ready slots is taken away whole, the last one first", "[heap]") {
  heap::ReadySlots ready = neighbours(3);
  ready.push(kFirst + 10 * kStride);
  ready.push(kFirst + 11 * kStride);
  const auto last = ready.pop_run();
  CHECK((last.begin == kFirst + 10 * kStride && last.count == 2));
  const auto first = ready.pop_run();
  CHECK((first.begin == kFirst && first.count == 3));
  CHECK(ready.empty());
  CHECK(ready.few());
}

TEST_CASE("ready slots are forgotten", "[heap]") {
  heap::ReadySlots ready = neighbours(100);
  ready.clear();
  CHECK(ready.empty());
  CHECK(ready.few());
}
