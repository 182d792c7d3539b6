// Chunks that are mostly dead: the records of what lives move together, while the program goes on.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "diagnosis/diagnose.h"
#include "heap/check_all.h"
#include "heap/heap_rig.h"
#include "metadata/heap_view.h"

using namespace fencepost;
using fence::EngineKind;
using test::byte_at;
using test::HeapRig;

namespace {

constexpr int kTurns = 6000;

EngineKind each_engine() { return GENERATE(EngineKind::page_move, EngineKind::guard_region); }

heap::Settings without_history(bool batch = false) {
  heap::Settings settings;
  settings.history = 0;
  settings.batch = batch;
  return settings;
}

char mark_of(Address block) { return static_cast<char>(block >> 13 | 1); }

/// Every `each`th block lives on, the others die at once.
struct Survivors {
  std::vector<Address> living;
  std::vector<Address> dead;

  Survivors(HeapRig& rig, int turns, int each) {
    for (int turn = 0; turn < turns; ++turn) {
      const Address block = rig.allocate(40);
      REQUIRE(rig.is_guarded(block));
      byte_at(block) = mark_of(block);
      if (turn % each == 0) {
        living.push_back(block);
      } else {
        dead.push_back(block);
        REQUIRE(rig.release(block));
      }
    }
  }
};

bool is_condensed(HeapRig& rig, Address block) {
  const metadata::Chunk* const chunk = rig.heap().chunks().find(block);
  return chunk != nullptr && chunk->is_condensed();
}

record::Finding diagnose(HeapRig& rig, record::FaultRecord fault) {
  return diagnosis::diagnose(fault, metadata::HeapView(rig.heap().chunks()).around(fault.address));
}

record::FaultRecord access_at(Address address) {
  record::FaultRecord fault;
  fault.address = address;
  return fault;
}

}  // namespace

TEST_CASE("survivors among the dead keep their contents, size and fences, and can be freed", "[heap]") {
  HeapRig rig(without_history(), each_engine());
  CAPTURE(std::string(rig.heap().engine()));
  const Survivors all(rig, kTurns, 100);
  REQUIRE(is_condensed(rig, all.living.front()));
  for (const Address block : all.living) {
    CHECK(byte_at(block) == mark_of(block));
    Size size = 0;
    CHECK(rig.size_of(block, size));
    CHECK(size == 40);
  }
  const Address first = all.living.front();
  CHECK(rig.load_faults(align_up(first + 1, kPageSize)));
  const record::Finding overrun = diagnose(rig, access_at(align_up(first + 1, kPageSize)));
  CHECK(overrun.kind == record::FindingKind::heap_buffer_overflow);
  CHECK(overrun.block.address == first);
  for (const Address block : all.living) {
    CHECK(rig.release(block));
    CHECK_FALSE(rig.release(block));
  }
}

TEST_CASE("the dead of a condensed chunk have expired, and still fault", "[heap]") {
  HeapRig rig(without_history(), each_engine());
  const Survivors all(rig, kTurns, 100);
  const Address dead = all.dead[10];
  REQUIRE(is_condensed(rig, dead));
  CHECK(rig.load_faults(dead));
  const record::Finding finding = diagnose(rig, access_at(dead));
  CHECK(finding.kind == record::FindingKind::use_after_free);
  CHECK(finding.history_expired);
  CHECK_FALSE(rig.release(dead));
  CHECK(diagnose(rig, rig.error()).kind == record::FindingKind::double_free);
  Size size = 0;
  CHECK_FALSE(rig.size_of(dead, size));
  // One that dies later is known.
  REQUIRE(rig.release(all.living.front()));
  const record::Finding known = diagnose(rig, access_at(all.living.front()));
  CHECK_FALSE(known.history_expired);
  CHECK(known.block.free_trace == 22);
}

TEST_CASE("a condensed chunk is retired when its last block is dead", "[heap]") {
  HeapRig rig(without_history(), each_engine());
  const Survivors all(rig, kTurns, 100);
  for (const Address block : all.living) REQUIRE(rig.release(block));
  const Survivors more(rig, kTurns, kTurns);
  CHECK(rig.heap().chunks().is_retired(all.living.front()));
  CHECK(rig.load_faults(all.living.front()));
}

TEST_CASE("survivors cost the memory of their own records only", "[heap]") {
  HeapRig rig(without_history(), each_engine());
  const Survivors first(rig, kTurns, 250);
  const Size before = test::resident_bytes();
  const Survivors second(rig, 10 * kTurns, 250);
  // A page for each survivor; the records of all blocks would be 600 pages more.
  CHECK(test::resident_bytes() < before + (second.living.size() + 350) * kPageSize);
}

TEST_CASE("slack of survivors is checked wherever their records are", "[heap]") {
  HeapRig rig(without_history(), each_engine());
  const Survivors all(rig, kTurns, 100);
  byte_at(all.living[1] - 1) = 1;
  Size found = 0;
  rig.heap().check_all([&](const record::FaultRecord& error) {
    ++found;
    CHECK(error.address == all.living[1] - 1);
  });
  CHECK(found == 1);
  CHECK_FALSE(rig.release(all.living[1]));
}

TEST_CASE("blocks can be used and freed while chunks are found unfit to be condensed, time and again", "[heap]") {
  HeapRig rig({}, each_engine());
  const Survivors all(rig, kTurns, 10);
  metadata::Chunk* const chunk = rig.heap().chunks().find(all.living.front());
  chunk->add_user();  // so that it never can be
  std::atomic<bool> done = false;
  std::thread condensing([&] {
    std::vector<record::BlockRecord> few(64);
    while (!done) static_cast<void>(chunk->condense(few.data(), few.size()));
  });
  int wrong = 0;
  for (const Address block : all.living) {
    if (!chunk->range().contains(block)) break;
    for (int turn = 0; turn < 500; ++turn) {
      Size size = 0;
      wrong += rig.size_of(block, size) && size == 40 ? 0 : 1;
    }
    wrong += rig.release(block) ? 0 : 1;
  }
  done = true;
  condensing.join();
  CHECK_FALSE(chunk->is_condensed());
  CHECK(wrong == 0);
}

namespace {

/// Survivors that threads hand to each other: what one allocates among its dead another frees.
class Exchange {
 public:
  explicit Exchange(heap::Heap& heap) : heap_(heap) {}

  void work(std::size_t own, std::uint32_t turns) {
    heap::ThreadCache cache;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
      const Address block = allocate(cache);
      if (turn % 30 != 0) {
        release(block, cache);
        continue;
      }
      const std::size_t place = (own * 31 + turn / 30 * 7) % kPlaces;
      if (const Address other = places_[place].exchange(block)) release(other, cache);
    }
    record::FaultRecord error;
    wrong_ += heap_.settle(cache, error) ? 0 : 1;
    heap_.check_all([&](const record::FaultRecord&) { ++wrong_; });
  }
  void release_rest() {
    heap::ThreadCache cache;
    for (std::atomic<Address>& place : places_) {
      if (const Address block = place.exchange(0)) release(block, cache);
    }
  }
  [[nodiscard]] int wrong() const { return wrong_; }

 private:
  static constexpr std::size_t kPlaces = 97;

  Address allocate(heap::ThreadCache& cache) {
    void* const block = heap_.allocate(40, 0, heap::Contents::pattern, {record::Api::malloc, 1, 1}, cache);
    *static_cast<Address*>(block) = reinterpret_cast<Address>(block);
    return reinterpret_cast<Address>(block);
  }
  void release(Address block, heap::ThreadCache& cache) {
    Size size = 0;
    record::FaultRecord error;
    void* const pointer = reinterpret_cast<void*>(block);
    wrong_ += *reinterpret_cast<Address*>(block) == block ? 0 : 1;
    wrong_ += heap_.size_of(pointer, {record::Api::malloc_usable_size, 0, 1}, size, error) && size == 40 ? 0 : 1;
    wrong_ += heap_.release(pointer, {record::Api::free, 2, 1}, cache, error) ? 0 : 1;
    wrong_ += heap_.settle_if_due(cache, error) ? 0 : 1;
  }

  heap::Heap& heap_;
  std::atomic<Address> places_[kPlaces] = {};
  std::atomic<int> wrong_{0};
};

}  // namespace

TEST_CASE("threads free each other's survivors while chunks are condensed", "[heap]") {
  const bool batch = GENERATE(false, true);
  const EngineKind engine = each_engine();
  CHECK(test::holds_in_child([=] {
    test::catch_faults_in_attempts();
    HeapRig rig(without_history(batch), engine);
    Exchange exchange(rig.heap());
    std::vector<std::thread> threads;
    for (std::size_t id = 0; id < 4; ++id) {
      threads.emplace_back([&, id] { exchange.work(id, 30000); });
    }
    for (std::thread& thread : threads) thread.join();
    exchange.release_rest();
    return exchange.wrong() == 0;
  }));
}
