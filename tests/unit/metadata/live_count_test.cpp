#include "metadata/live_count.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using fencepost::metadata::LiveCount;
using fencepost::metadata::LiveDelta;

TEST_CASE("a thread's part is counted once it is told", "[metadata]") {
  LiveCount count;
  LiveDelta delta;
  for (int i = 0; i < 10; ++i) delta.born(count);
  for (int i = 0; i < 3; ++i) delta.died(count);
  delta.tell(count);
  CHECK(count.now() == 7);
  CHECK(count.peak() == 10);
  delta.tell(count);
  CHECK(count.now() == 7);
  CHECK(count.peak() == 10);
}

TEST_CASE("the peak of one thread is exact, however the count goes up and down", "[metadata]") {
  LiveCount count;
  LiveDelta delta;
  std::int64_t now = 0;
  std::int64_t peak = 0;
  for (int turn = 0; turn < 5000; ++turn) {
    // Waves of changing height, all the way down now and then.
    if (turn / 300 % 2 == 0 || now == 0) {
      delta.born(count);
      peak = std::max(peak, ++now);
    } else {
      delta.died(count);
      --now;
    }
    if (turn % 97 != 0) continue;
    delta.tell(count);
    REQUIRE(count.now() == now);
    REQUIRE(count.peak() == peak);
  }
}

TEST_CASE("what one thread did not tell is a step at most", "[metadata]") {
  LiveCount count;
  LiveDelta delta;
  for (int now = 1; now <= 1000; ++now) {
    delta.born(count);
    REQUIRE(count.now() > now - 64);
  }
  for (int now = 999; now >= 0; --now) {
    delta.died(count);
    REQUIRE(count.now() < now + 64);
  }
  delta.tell(count);
  CHECK(count.now() == 0);
  CHECK(count.peak() == 1000);
}

TEST_CASE("many are born and die at once", "[metadata]") {
  LiveCount count;
  LiveDelta delta;
  delta.born(count, 500);
  CHECK(count.now() == 500);
  delta.died(count, 400);
  CHECK(count.now() == 100);
  CHECK(count.peak() == 500);
}

TEST_CASE("what one thread brings up another one may take away", "[metadata]") {
  LiveCount count;
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([&count, id] {
      LiveDelta delta;
      for (int i = 0; i < 10001; ++i) id % 2 == 0 ? delta.born(count) : delta.died(count);
      delta.tell(count);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(count.now() == 0);
  CHECK(count.peak() <= 2 * 10001);
}
