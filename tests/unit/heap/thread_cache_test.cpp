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

TEST_CASE("each size of small slots has ready slots of its own", "[heap]") {
  heap::ThreadCache cache;
  for (Size lane = 0; lane < heap::kSmallLanes; ++lane) {
    heap::ReadySlots& ready = cache.ready[lane];
    Size slots = 0;
    for (; !ready.full(); ++slots) ready.push({});
    CHECK(slots * (lane + 1) <= heap::ReadySlots::kMostPages);
    CHECK(slots * (lane + 1) * 3 > heap::ReadySlots::kMostPages);
  }
}

TEST_CASE("a thread that does not exist any more has no slots", "[heap]") {
  heap::ThreadCache cache;
  cache.ready[0].push({kPageSize, nullptr});
  cache.cursors[1].next = kPageSize;
  cache.forget_slots();
  CHECK(cache.ready[0].empty());
  CHECK(cache.cursors[1].next == 0);
}
