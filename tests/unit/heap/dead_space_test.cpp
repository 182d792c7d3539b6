// Address space that is used again when there is no other.
#include "heap/dead_space.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <thread>
#include <vector>

#include "heap/heap_rig.h"
#include "os/attempt.h"
#include "os/process.h"

using namespace fencepost;
using fence::EngineKind;
using heap::Settings;
using heap::Shortage;
using record::Event;
using test::byte_at;
using test::HeapRig;

namespace {

constexpr Size kTiny = Size{64} << 20;
constexpr Size kMebi = Size{1} << 20;

EngineKind each_engine() { return GENERATE(EngineKind::page_move, EngineKind::guard_region, EngineKind::mprotect); }

Settings with_history(Size records) {
  Settings settings;
  settings.history = records;
  return settings;
}

/// Blocks of these sizes in turn, the last `alive` of them alive.
class Churn {
 public:
  Churn(HeapRig& rig, std::vector<Size> sizes, Size alive) : rig_(rig), sizes_(std::move(sizes)), alive_(alive) {}

  void run(Size turns) {
    for (Size turn = 0; turn < turns; ++turn) {
      const Size size = sizes_[turn % sizes_.size()];
      const Address block = rig_.allocate(size);
      unguarded += rig_.is_guarded(block) ? 0 : 1;
      byte_at(block) = static_cast<char>(turn);
      byte_at(block + size - 1) = static_cast<char>(turn);
      blocks.push_back(block);
      if (blocks.size() <= alive_) continue;
      last_freed = blocks.front();
      refused += rig_.release(last_freed) ? 0 : 1;
      blocks.pop_front();
    }
  }

  std::deque<Address> blocks;
  Address last_freed = 0;
  Size unguarded = 0;
  Size refused = 0;

 private:
  HeapRig& rig_;
  std::vector<Size> sizes_;
  Size alive_;
};

bool faults_here(Address address) {
  return !os::attempt([=] { byte_at(address) = 1; });
}

/// Whether the fences around every live block hold. In a child.
bool fences_hold(HeapRig& rig) {
  test::catch_faults_in_attempts();
  rig.heap().reset_in_child();
  bool hold = true;
  rig.heap().chunks().for_each(rig.arena(), [&](const record::BlockRecord& block) {
    if (block.state != record::BlockState::live) return true;
    hold =
        hold && faults_here(block.fence().begin) && faults_here(block.data().begin - 1) && !faults_here(block.address);
    return true;
  });
  return hold;
}

}  // namespace

TEST_CASE("blocks stay guarded however often the arena is used up", "[heap]") {
  const Size history = GENERATE(Size{0}, Size{2000}, Size{1000000});
  HeapRig rig(with_history(history), each_engine(), kTiny);
  CAPTURE(std::string(rig.heap().engine()), history);
  Churn churn(rig, {40, 4096, 1}, 100);
  churn.run(20000);
  const Size mappings = os::mapping_count();
  const Size resident = test::resident_bytes();
  churn.run(60000);
  CHECK(churn.unguarded == 0);
  CHECK(churn.refused == 0);
  CHECK(rig.heap().shortage() == Shortage::none);
  CHECK(rig.heap().reuses() > 80000 / 256 - 40);
  CHECK(os::mapping_count() <= mappings + 250);
  CHECK(test::resident_bytes() <= resident + 1000 * kPageSize);
  CHECK(rig.load_faults(churn.last_freed));
  CHECK(rig.store_faults(churn.last_freed));
  CHECK(test::holds_in_child([&] { return fences_hold(rig); }));
}

TEST_CASE("blocks of all sizes share used-up address space", "[heap]") {
  HeapRig rig({}, each_engine(), 4 * kTiny);
  CAPTURE(std::string(rig.heap().engine()));
  Churn churn(rig, {40, 3 * 4096, 100000, 600000, 100, 3 * kMebi, 1, 5 * kMebi, 5000}, 12);
  churn.run(3000);
  CHECK(churn.unguarded == 0);
  CHECK(churn.refused == 0);
  CHECK(rig.heap().reuses() > 0);
  CHECK(rig.load_faults(churn.last_freed));
  CHECK(test::holds_in_child([&] { return fences_hold(rig); }));
}

TEST_CASE("large blocks of several lengths find room among the dead", "[heap]") {
  HeapRig rig(with_history(GENERATE(Size{0}, Size{1000000})), each_engine(), kTiny);
  const Size before = os::mapping_count();
  Churn churn(rig, {3 * kMebi, kMebi, 5 * kMebi, 2 * kMebi - 4096, 4 * kMebi}, 1);
  churn.run(500);
  CHECK(churn.unguarded == 0);
  CHECK(churn.refused == 0);
  CHECK(os::mapping_count() <= before + 30);
}

TEST_CASE("blocks that live on keep their places and contents while the rest is used again", "[heap]") {
  HeapRig rig({}, each_engine(), kTiny);
  std::map<Address, char> keep;
  for (Size turn = 0; turn < 40000; ++turn) {
    const Address block = rig.allocate(16);
    REQUIRE(rig.is_guarded(block));
    if (turn % 5000 != 0) {
      REQUIRE(rig.release(block));
      continue;
    }
    byte_at(block) = static_cast<char>(turn / 5000 + 1);
    REQUIRE(keep.emplace(block, byte_at(block)).second);
  }
  REQUIRE(rig.heap().reuses() > 0);
  for (const auto& [block, mark] : keep) {
    CHECK(byte_at(block) == mark);
    CHECK(rig.release(block));
    CHECK(rig.load_faults(block));
  }
}

TEST_CASE("what is dead for longest is used again first", "[heap]") {
  HeapRig rig(with_history(GENERATE(Size{0}, Size{1000000})), each_engine(), kTiny);
  // Large ones have their chunks for themselves: each address is one of these.
  std::vector<Address> first;
  while (rig.heap().reuses() == 0) {
    first.push_back(rig.allocate(kMebi));
    REQUIRE(rig.is_guarded(first.back()));
    REQUIRE(rig.release(first.back()));
  }
  const Address again = first.back();
  first.pop_back();
  CHECK(again == first.front());
  for (Size i = 1; i < first.size(); ++i) {
    const Address block = rig.allocate(kMebi);
    CHECK(block == first[i]);
    REQUIRE(rig.release(block));
  }
}

TEST_CASE("address space that was given up a moment ago rests", "[heap]") {
  HeapRig rig(with_history(0), each_engine(), kTiny);
  const Address survivor = rig.allocate(kMebi);
  Churn churn(rig, {kMebi}, 0);
  churn.run(100);
  REQUIRE(rig.release(survivor));
  for (int turn = 0; turn < 3; ++turn) {
    const Address block = rig.allocate(kMebi);
    CHECK(block != survivor);
    REQUIRE(rig.release(block));
  }
}

TEST_CASE("a stale pointer into address space that is used again is no block, unless one begins there", "[heap]") {
  HeapRig rig({}, each_engine(), kTiny);
  const Address stale = rig.allocate(kMebi + 1);
  REQUIRE(rig.release(stale));
  Churn churn(rig, {kMebi}, 3);
  churn.run(200);
  REQUIRE(churn.unguarded == 0);
  CHECK_FALSE(rig.release(stale));
  CHECK(rig.error().event == Event::call);
  Size size = 0;
  CHECK_FALSE(rig.size_of(stale, size));
}

TEST_CASE("a child goes on using address space again", "[heap]") {
  HeapRig rig({}, each_engine(), kTiny);
  Churn churn(rig, {40}, 10);
  churn.run(20000);
  rig.heap().lock_for_fork();
  CHECK(test::holds_in_child([&] {
    rig.heap().reset_in_child();
    churn.run(20000);
    return churn.unguarded == 0 && churn.refused == 0 && fences_hold(rig);
  }));
  rig.heap().unlock_after_fork();
  churn.run(20000);
  CHECK(churn.unguarded == 0);
  CHECK(churn.refused == 0);
}

TEST_CASE("threads use address space again at once", "[heap]") {
  HeapRig rig({}, each_engine(), 2 * kTiny);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (unsigned id = 1; id <= 4; ++id) {
    threads.emplace_back([&, id] {
      heap::ThreadCache cache;
      record::FaultRecord error;
      const heap::Caller caller{record::Api::malloc, 0, id};
      std::deque<char*> blocks;
      for (Size turn = 0; turn < 20000; ++turn) {
        void* const block = rig.heap().allocate(1 + turn % 5000, 0, heap::Contents::pattern, caller, cache);
        if (!rig.is_guarded(test::address_of(block))) ++wrong;
        blocks.push_back(static_cast<char*>(block));
        *blocks.back() = static_cast<char>(id);
        if (blocks.size() < 20) continue;
        if (*blocks.front() != static_cast<char>(id)) ++wrong;
        if (!rig.heap().release(blocks.front(), caller, cache, error)) ++wrong;
        blocks.pop_front();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(rig.heap().reuses() > 0);
}

TEST_CASE("one thread may tell that address space is used again, once", "[heap]") {
  HeapRig rig({}, each_engine(), kTiny);
  CHECK_FALSE(rig.heap().claim_reuse_notice());
  Churn churn(rig, {40}, 0);
  churn.run(20000);
  CHECK(rig.heap().claim_reuse_notice());
  CHECK_FALSE(rig.heap().claim_reuse_notice());
}
