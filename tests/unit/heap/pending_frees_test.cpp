#include "heap/pending_frees.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using namespace fencepost;
using heap::PendingFree;
using heap::PendingFrees;

namespace {

/// Distinct addresses to tell entries by; nothing is done to them.
record::BlockRecord blocks[PendingFrees::kCapacity];

}  // namespace

TEST_CASE("pending blocks are taken in the order in which they came, once", "[heap]") {
  PendingFrees pending;
  PendingFree taken[PendingFrees::kCapacity];
  CHECK(pending.take(taken) == 0);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(pending.add({&blocks[i], nullptr}, 100));
  REQUIRE(pending.take(taken) == 3);
  for (int i = 0; i < 3; ++i) CHECK(taken[i].block == &blocks[i]);
  CHECK(pending.take(taken) == 0);
}

TEST_CASE("the one that fills them up says so", "[heap]") {
  PendingFrees pending;
  PendingFree taken[PendingFrees::kCapacity];
  for (int round = 0; round < 2; ++round) {
    for (Size i = 0; i < PendingFrees::kCapacity; ++i) {
      REQUIRE(pending.add({&blocks[i], nullptr}, 100) == (i + 1 == PendingFrees::kCapacity));
    }
    REQUIRE(pending.take(taken) == PendingFrees::kCapacity);
    CHECK(taken[PendingFrees::kCapacity - 1].block == &blocks[PendingFrees::kCapacity - 1]);
  }
}

TEST_CASE("pending blocks are overdue by the age of the oldest", "[heap]") {
  PendingFrees pending;
  PendingFree taken[PendingFrees::kCapacity];
  CHECK_FALSE(pending.overdue(1000000));
  static_cast<void>(pending.add({&blocks[0], nullptr}, 1000));
  static_cast<void>(pending.add({&blocks[1], nullptr}, 1040));
  CHECK_FALSE(pending.overdue(1000));
  CHECK_FALSE(pending.overdue(1000 + PendingFrees::kMostMilliseconds));
  CHECK(pending.overdue(1001 + PendingFrees::kMostMilliseconds));
  REQUIRE(pending.take(taken) == 2);
  CHECK_FALSE(pending.overdue(1000000));
  static_cast<void>(pending.add({&blocks[2], nullptr}, 5000));
  CHECK_FALSE(pending.overdue(5001));
  CHECK(pending.overdue(5051));
}

TEST_CASE("what its owner adds another thread takes, nothing twice and nothing lost", "[heap]") {
  PendingFrees pending;
  std::atomic<Size> taken_by_both = 0;
  std::atomic<bool> done = false;
  const auto take = [&] {
    PendingFree taken[PendingFrees::kCapacity];
    taken_by_both += pending.take(taken);
  };
  std::thread other([&] {
    while (!done) take();
  });
  for (int i = 0; i < 100000; ++i) {
    if (pending.add({&blocks[0], nullptr}, 1)) take();
  }
  done = true;
  other.join();
  take();
  CHECK(taken_by_both == 100000);
}

TEST_CASE("a lock that nobody holds any more can be reset", "[heap]") {
  PendingFrees pending;
  static_cast<void>(pending.add({&blocks[0], nullptr}, 1));
  pending.reset_lock();
  PendingFree taken[PendingFrees::kCapacity];
  CHECK(pending.take(taken) == 1);
}
