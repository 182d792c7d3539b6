#include "fault/first_times.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

using namespace fencepost;
using fault::FirstTimes;

TEST_CASE("a key is new once", "[fault]") {
  FirstTimes told;
  CHECK(told.first(7));
  CHECK_FALSE(told.first(7));
  CHECK(told.first(7 + FirstTimes::kCapacity));
  CHECK_FALSE(told.first(7 + FirstTimes::kCapacity));
  CHECK(told.first(0));
  CHECK_FALSE(told.first(0));
}

TEST_CASE("when there is no more room, nothing is new any more", "[fault]") {
  FirstTimes told;
  for (std::uint64_t key = 1; key <= FirstTimes::kCapacity; ++key) CHECK(told.first(key * 977));
  CHECK_FALSE(told.first(1));
  CHECK_FALSE(told.first(977));
}

TEST_CASE("of threads that ask at once, one is the first", "[fault]") {
  FirstTimes told;
  std::atomic<int> firsts = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t key = 1; key <= 500; ++key) firsts += told.first(key) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(firsts == 500);
}
