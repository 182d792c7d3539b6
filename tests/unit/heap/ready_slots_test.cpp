#include "heap/ready_slots.h"

#include <catch2/catch.hpp>

using namespace fencepost;

namespace {

heap::ReadySlots::Slot slot(Address begin) { return {begin, reinterpret_cast<metadata::Chunk*>(begin + 8)}; }

}  // namespace

TEST_CASE("ready slots come back, the last one first, until there are none", "[heap]") {
  heap::ReadySlots ready;
  CHECK(ready.empty());
  ready.push(slot(0x1000));
  ready.push(slot(0x3000));
  CHECK(ready.pop().begin == 0x3000);
  ready.push(slot(0x5000));
  const auto last = ready.pop();
  CHECK(last.begin == 0x5000);
  CHECK(last.chunk == slot(0x5000).chunk);
  CHECK(ready.pop().begin == 0x1000);
  CHECK(ready.empty());
}

TEST_CASE("as many slots wait as have few pages", "[heap]") {
  for (const auto& [pages, most] : {std::pair<Size, Size>{1, 64}, {2, 16}, {3, 10}, {4, 8}}) {
    heap::ReadySlots ready;
    ready.set_pages(pages);
    Size pushed = 0;
    for (; !ready.full(); ++pushed) ready.push(slot(0x1000 * (pushed + 1)));
    CAPTURE(pages);
    CHECK(pushed == most);
    CHECK(ready.pop().begin == 0x1000 * most);
    CHECK_FALSE(ready.full());
  }
}

TEST_CASE("more are opened at a time each time, as far as there is room", "[heap]") {
  heap::ReadySlots ready;
  for (const Size expected : {2, 4, 8, 16, 16, 16}) CHECK(ready.next_batch() == expected);
  heap::ReadySlots larger;
  larger.set_pages(4);
  for (const Size expected : {2, 4, 8, 8, 8}) CHECK(larger.next_batch() == expected);
}

TEST_CASE("ready slots are forgotten", "[heap]") {
  heap::ReadySlots ready;
  ready.push(slot(0x1000));
  ready.clear();
  CHECK(ready.empty());
}
