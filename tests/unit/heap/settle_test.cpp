// fence=batch: freed blocks that wait for their fences.
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "heap/heap_rig.h"
#include "os/attempt.h"

using namespace fencepost;
using fence::EngineKind;
using record::BlockState;
using record::Event;
using test::byte_at;
using test::HeapRig;

namespace {

constexpr char kPoison = static_cast<char>(0xdd);

heap::Settings in_batches() {
  heap::Settings settings;
  settings.batch = true;
  return settings;
}

EngineKind batching_engine() { return GENERATE(EngineKind::page_move, EngineKind::guard_region); }

/// Fences what the rig's thread has put off. The rig's own error stays what it was.
bool settle(HeapRig& rig, record::FaultRecord& error) { return rig.heap().settle(rig.cache(), error); }

bool settle(HeapRig& rig) {
  record::FaultRecord error;
  return settle(rig, error);
}

}  // namespace

TEST_CASE("a block that waits is poisoned and freed, and fenced when it is settled", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  const Address block = rig.allocate(40);
  byte_at(block) = 1;
  REQUIRE(rig.release(block));
  CHECK(rig.record_of(block).state == BlockState::freed);
  CHECK(byte_at(block) == kPoison);
  CHECK(byte_at(block + 39) == kPoison);
  CHECK(rig.live() == 0);
  REQUIRE(settle(rig));
  CHECK(rig.load_faults(block));
  CHECK(settle(rig));
}

TEST_CASE("a double free is exact while the block waits, and after", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  const Address block = rig.allocate(40);
  REQUIRE(rig.release(block));
  for (int turn = 0; turn < 2; ++turn) {
    CHECK_FALSE(rig.release(block));
    CHECK(rig.error().event == Event::call);
    CHECK(rig.error().address == block);
    Size size = 0;
    CHECK_FALSE(rig.size_of(block, size));
    REQUIRE(settle(rig));
  }
  CHECK(rig.record_of(block).free_trace == 22);
  CHECK(rig.cache().counters.guarded_freed.get() == 1);
}

TEST_CASE("a write to a block that waits is told, and all are fenced even so", "[heap]") {
  for (const Size offset : {Size{0}, Size{17}, Size{39}}) {
    HeapRig rig(in_batches(), EngineKind::guard_region);
    const Address blocks[] = {rig.allocate(40), rig.allocate(40), rig.allocate(40)};
    for (const Address block : blocks) REQUIRE(rig.release(block));
    byte_at(blocks[1] + offset) = 'x';
    record::FaultRecord error;
    REQUIRE_FALSE(settle(rig, error));
    CHECK(error.event == Event::changed_poison);
    CHECK(error.access == record::Access::write);
    CHECK(error.address == blocks[1] + offset);
    CHECK(error.damage.changed == Range{blocks[1] + offset, blocks[1] + offset + 1});
    CHECK(error.damage.count == 1);
    CHECK(error.damage.pattern == 0xdd);
    CHECK(error.damage.sample[0] == 'x');
    for (const Address block : blocks) CHECK(rig.load_faults(block));
    CHECK(settle(rig));
  }
}

TEST_CASE("without poison nothing is compared, and all are fenced", "[heap]") {
  heap::Settings settings = in_batches();
  settings.fill_free = -1;
  HeapRig rig(settings, batching_engine());
  const Address block = rig.allocate(40);
  byte_at(block) = 1;
  REQUIRE(rig.release(block));
  CHECK(byte_at(block) == 1);
  byte_at(block) = 2;
  CHECK(settle(rig));
  CHECK(rig.load_faults(block));
}

TEST_CASE("as many as may wait make it time to settle", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  std::vector<Address> blocks;
  for (Size i = 0; i < heap::PendingFrees::kCapacity; ++i) blocks.push_back(rig.allocate(1 + i * 100));
  for (const Address block : blocks) {
    CHECK_FALSE(rig.cache().settle_now);
    REQUIRE(rig.release(block));
  }
  CHECK(rig.cache().settle_now);
  record::FaultRecord error;
  REQUIRE(rig.heap().settle_if_due(rig.cache(), error));
  CHECK_FALSE(rig.cache().settle_now);
  CHECK(test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    rig.heap().reset_in_child();
    for (const Address block : blocks) {
      if (os::attempt([=] { static_cast<void>(char{byte_at(block)}); })) return false;
    }
    return true;
  }));
}

TEST_CASE("any thread may settle for another", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  const Address block = rig.allocate(40);
  REQUIRE(rig.release(block));
  bool settled = false;
  std::thread([&] { settled = settle(rig); }).join();
  CHECK(settled);
  CHECK(rig.load_faults(block));
}

TEST_CASE("large blocks, empty ones and those of other engines do not wait", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  HeapRig mapped(in_batches(), EngineKind::mprotect);
  const Address large = rig.allocate(5 * kPageSize);
  const Address ordinary = mapped.allocate(40);
  REQUIRE((rig.release(large) && rig.release(rig.allocate(0)) && mapped.release(ordinary)));
  CHECK(rig.load_faults(large));
  CHECK(mapped.load_faults(ordinary));
  heap::PendingFree taken[heap::PendingFrees::kCapacity];
  CHECK(rig.cache().pending.take(taken) == 0);
  CHECK(mapped.cache().pending.take(taken) == 0);
}

TEST_CASE("slack that was written is told at once, though the block waits", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  const Address block = rig.allocate(40);
  byte_at(block - 1) = 'x';
  REQUIRE_FALSE(rig.release(block));
  CHECK(rig.error().event == Event::changed_slack);
  CHECK(settle(rig));
  CHECK(rig.load_faults(block));
}

TEST_CASE("chunks are retired once what waited in them is settled", "[heap]") {
  HeapRig rig(in_batches(), batching_engine());
  record::FaultRecord error;
  const Address first = rig.allocate(40);
  REQUIRE(rig.release(first));
  for (int turn = 0; turn < 5000; ++turn) {
    REQUIRE(rig.release(rig.allocate(40)));
    REQUIRE(rig.heap().settle_if_due(rig.cache(), error));
  }
  REQUIRE(settle(rig));
  CHECK(rig.heap().chunks().is_retired(first));
  CHECK(rig.load_faults(first));
}
