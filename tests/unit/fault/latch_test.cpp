#include "fault/latch.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <thread>
#include <vector>

using namespace fencepost;
using Entry = fault::Latch::Entry;

TEST_CASE("the first thread enters, and meets itself if it fails again", "[fault]") {
  fault::Latch latch;
  CHECK(latch.enter() == Entry::first);
  CHECK(latch.enter() == Entry::nested);
  CHECK(latch.enter() == Entry::nested);
  latch.leave();
  CHECK(latch.enter() == Entry::first);
}

TEST_CASE("a thread that waits enters when the first one leaves", "[fault]") {
  fault::Latch latch;
  REQUIRE(latch.enter() == Entry::first);
  std::latch started(1);
  Entry entry = Entry::nested;
  std::thread other([&] {
    started.count_down();
    entry = latch.enter();
  });
  started.wait();
  latch.leave();
  other.join();
  CHECK(entry == Entry::first);
}

TEST_CASE("a thread gives up on a report that does not end", "[fault]") {
  fault::Latch latch;
  REQUIRE(latch.enter() == Entry::first);
  Entry entry = Entry::nested;
  std::thread([&] { entry = latch.enter(); }).join();
  CHECK(entry == Entry::late);
}

TEST_CASE("of threads that fail at once one reports at a time", "[fault]") {
  fault::Latch latch;
  std::atomic<int> inside = 0;
  std::atomic<int> reports = 0;
  std::atomic<bool> together = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (latch.enter() != Entry::first) return;
      if (++inside > 1) together = true;
      ++reports;
      --inside;
      latch.leave();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(together);
  CHECK(reports == 8);
}
