#include "heap/budget.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace fencepost;
using heap::blocks_within;
using heap::Budget;

TEST_CASE("a budget gives out what it has, and again what came back", "[heap]") {
  Budget budget;
  budget.set_limit(2);
  CHECK(budget.take());
  CHECK(budget.take());
  CHECK_FALSE(budget.take());
  CHECK(budget.live() == 2);
  budget.give_back();
  CHECK(budget.live() == 1);
  CHECK(budget.take());
  CHECK(budget.peak() == 2);
}

TEST_CASE("a budget of nothing gives nothing out", "[heap]") {
  Budget budget;
  budget.set_limit(0);
  CHECK_FALSE(budget.take());
  CHECK(budget.live() == 0);
  CHECK(budget.peak() == 0);
}

TEST_CASE("a budget without a limit goes on", "[heap]") {
  Budget budget;
  for (int i = 0; i < 1000; ++i) REQUIRE(budget.take());
  CHECK(budget.peak() == 1000);
}

TEST_CASE("a shrunken budget leaves a quarter of what is in use", "[heap]") {
  Budget budget;
  for (int i = 0; i < 100; ++i) REQUIRE(budget.take());
  budget.shrink();
  CHECK(budget.limit() == 75);
  CHECK_FALSE(budget.take());
  for (int i = 0; i < 26; ++i) budget.give_back();
  CHECK(budget.take());
}

TEST_CASE("threads never take more than the limit", "[heap]") {
  Budget budget;
  budget.set_limit(100);
  std::atomic<int> inside = 0;
  std::atomic<bool> exceeded = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 20000; ++turn) {
        if (!budget.take()) continue;
        if (++inside > 100) exceeded = true;
        if (turn % 64 == 0) std::this_thread::yield();
        --inside;
        budget.give_back();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(exceeded);
  CHECK(budget.live() == 0);
  CHECK(budget.peak() <= 100);
}

TEST_CASE("the system's mappings are shared with the program", "[heap]") {
  CHECK(blocks_within(65530, 100, 2) == (65530 - 8191 - 100) / 2);
  CHECK(blocks_within(65530, 100, 1) == 65530 - 8191 - 100);
  CHECK(blocks_within(4096, 0, 2) == (4096 - 1024) / 2);
  CHECK(blocks_within(1000, 0, 2) == 0);
  CHECK(blocks_within(65530, 65000, 2) == 0);
  CHECK(blocks_within(65530, 100, 0) == ~Size{0});
}
