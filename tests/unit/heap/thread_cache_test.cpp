#include "heap/thread_cache.h"

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("a counter adds up and keeps its highest", "[heap]") {
  heap::Counter counter;
  CHECK(counter.get() == 0);
  counter.add(3);
  counter.add(4);
  CHECK(counter.get() == 7);
  counter.raise_to(5);
  CHECK(counter.get() == 7);
  counter.raise_to(9);
  CHECK(counter.get() == 9);
}
