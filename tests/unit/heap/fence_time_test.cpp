#include "heap/fence_time.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using heap::FenceTime;

TEST_CASE("every fence is made and counted, and some are timed", "[heap]") {
  FenceTime time;
  int made = 0;
  for (int i = 0; i < 1000; ++i) {
    time.measure([&] {
      ++made;
      const std::uint64_t begin = os::nanoseconds();
      while (os::nanoseconds() - begin < 1000) {
      }
    });
  }
  CHECK(made == 1000);
  CHECK(time.fences() == 1000);
  CHECK(time.nanoseconds() >= 1000 / FenceTime::kEvery * FenceTime::kEvery * 1000);
}

TEST_CASE("batches help when fences are slow and take much of a long run", "[heap]") {
  constexpr std::uint64_t kSecond = 1000000000;
  CHECK(heap::batches_would_help(100000, kSecond, 2 * kSecond));
  CHECK_FALSE(heap::batches_would_help(500000, kSecond, 2 * kSecond));      // 2 µs each
  CHECK_FALSE(heap::batches_would_help(10000, kSecond / 10, 2 * kSecond));  // a twentieth
  CHECK_FALSE(heap::batches_would_help(50000, kSecond / 2, kSecond / 2));   // over too soon
  CHECK_FALSE(heap::batches_would_help(0, 0, 2 * kSecond));
}
