#include "fault/told.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace fencepost;
using fault::Told;

TEST_CASE("every key is new once", "[fault]") {
  Told told;
  for (std::uint64_t key = 1; key <= 100; ++key) CHECK(told.add(key << 32));
  for (std::uint64_t key = 1; key <= 100; ++key) CHECK_FALSE(told.add(key << 32));
}

TEST_CASE("a full set knows what it has, and takes the rest for told", "[fault]") {
  Told told;
  Size added = 0;
  for (std::uint64_t key = 1; key <= 2 * Told::kCapacity; ++key) added += told.add(key) ? 1 : 0;
  CHECK(added == Told::kCapacity);
  for (std::uint64_t key = 1; key <= 2 * Told::kCapacity; ++key) CHECK_FALSE(told.add(key));
}

TEST_CASE("of threads with the same key one is the first", "[fault]") {
  Told told;
  std::atomic<Size> firsts = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t key = 1; key <= 200; ++key) firsts += told.add(key) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(firsts == 200);
}
