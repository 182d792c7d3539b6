#include "heap/thread_cache.h"

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("a counter adds up", "[heap]") {
  heap::Counter counter;
  CHECK(counter.get() == 0);
  counter.add(3);
  counter.add(4);
  CHECK(counter.get() == 7);
}

TEST_CASE("ready slots come back, the last one first, until there are none", "[heap]") {
  heap::ReadySlots ready;
  CHECK(ready.empty());
  Address pushed = 0;
  while (!ready.full()) ready.push(pushed += kPageSize);
  CHECK(pushed / kPageSize == 64);
  CHECK(ready.pop() == pushed);
  CHECK(ready.pop() == pushed - kPageSize);
  CHECK_FALSE(ready.full());
  CHECK_FALSE(ready.empty());
  ready.clear();
  CHECK(ready.empty());
}
