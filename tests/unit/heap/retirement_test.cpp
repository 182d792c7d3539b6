// Chunks whose blocks are all dead: their page tables go, and some day their records.
#include <catch2/catch.hpp>
#include <vector>

#include "diagnosis/diagnose.h"
#include "heap/heap_rig.h"
#include "metadata/heap_view.h"
#include "os/process.h"

using namespace fencepost;
using fence::EngineKind;
using test::HeapRig;

namespace {

constexpr int kChurn = 5000;

/// What became of many blocks of one page, each freed before the next came.
struct Churned {
  Address first = 0;
  Address last = 0;
  bool all_guarded = true;
  bool all_freed = true;
};

Churned churn(HeapRig& rig, int turns) {
  Churned churned;
  for (int turn = 0; turn < turns; ++turn) {
    const Address block = rig.allocate(40);
    if (churned.first == 0) churned.first = block;
    churned.last = block;
    churned.all_guarded = churned.all_guarded && rig.is_guarded(block);
    if (block != 0) test::byte_at(block) = 1;
    churned.all_freed = rig.release(block) && churned.all_freed;
  }
  return churned;
}

heap::Settings with_history(Size records) {
  heap::Settings settings;
  settings.history = records;
  return settings;
}

record::Finding diagnose(HeapRig& rig, record::FaultRecord fault) {
  return diagnosis::diagnose(fault, metadata::HeapView(rig.heap().chunks()).around(fault.address));
}

record::FaultRecord access_at(Address address) {
  record::FaultRecord fault;
  fault.address = address;
  return fault;
}

EngineKind each_engine() { return GENERATE(EngineKind::page_move, EngineKind::guard_region, EngineKind::mprotect); }

}  // namespace

TEST_CASE("a chunk of dead blocks is retired, and still tells of them", "[heap]") {
  HeapRig rig({}, each_engine());
  CAPTURE(std::string(rig.heap().engine()));
  const Churned churned = churn(rig, kChurn);
  REQUIRE((churned.all_guarded && churned.all_freed));
  CHECK(rig.heap().chunks().is_retired(churned.first));
  CHECK_FALSE(rig.heap().chunks().is_expired(churned.first));
  CHECK(rig.load_faults(churned.first));
  CHECK(rig.store_faults(churned.first + 39));
  const record::Finding finding = diagnose(rig, access_at(churned.first + 3));
  CHECK(finding.kind == record::FindingKind::use_after_free);
  CHECK_FALSE(finding.history_expired);
  CHECK(finding.block.address == churned.first);
  CHECK(finding.block.free_trace == 22);
  CHECK_FALSE(rig.release(churned.first));
  CHECK(diagnose(rig, rig.error()).kind == record::FindingKind::double_free);
}

TEST_CASE("a chunk with one live block is not retired", "[heap]") {
  HeapRig rig({}, each_engine());
  CAPTURE(std::string(rig.heap().engine()));
  const Address survivor = rig.allocate(40);
  test::byte_at(survivor) = 7;
  REQUIRE(churn(rig, kChurn).all_freed);
  CHECK_FALSE(rig.heap().chunks().is_retired(survivor));
  CHECK(test::byte_at(survivor) == 7);
  CHECK(rig.release(survivor));
  REQUIRE(churn(rig, kChurn).all_freed);
  CHECK(rig.heap().chunks().is_retired(survivor));
  CHECK(rig.load_faults(survivor));
}

TEST_CASE("without history dead blocks expire, and their addresses still fault", "[heap]") {
  HeapRig rig(with_history(0), each_engine());
  CAPTURE(std::string(rig.heap().engine()));
  const Churned churned = churn(rig, kChurn);
  REQUIRE((churned.all_guarded && churned.all_freed));
  CHECK(rig.arena().contains(churned.first));
  CHECK(rig.heap().chunks().is_expired(churned.first));
  CHECK(rig.load_faults(churned.first));
  CHECK(rig.store_faults(churned.first));
  const record::Finding finding = diagnose(rig, access_at(churned.first));
  CHECK(finding.kind == record::FindingKind::use_after_free);
  CHECK(finding.history_expired);
  CHECK_FALSE(finding.has_block());
  // The last one is in the chunk that is being cut from.
  CHECK_FALSE(diagnose(rig, access_at(churned.last)).history_expired);
  Size size = 0;
  CHECK_FALSE(rig.size_of(churned.first, size));
  CHECK_FALSE(rig.release(churned.first));
  const record::Finding again = diagnose(rig, rig.error());
  CHECK(again.kind == record::FindingKind::double_free);
  CHECK(again.history_expired);
}

TEST_CASE("without history dead blocks cost no memory for records", "[heap]") {
  HeapRig rig(with_history(0), each_engine());
  REQUIRE(churn(rig, kChurn).all_freed);
  const Size before = test::resident_bytes();
  REQUIRE(churn(rig, 10 * kChurn).all_freed);
  // Records of as many blocks would be about 500 pages, and their page tables would not even be counted.
  CHECK(test::resident_bytes() < before + 250 * kPageSize);
}

TEST_CASE("retired chunks cost no mappings, as long as they are neighbours", "[heap]") {
  HeapRig rig({}, each_engine());
  REQUIRE(churn(rig, kChurn).all_freed);
  const Size before = os::mapping_count();
  REQUIRE(churn(rig, 4 * kChurn).all_freed);
  CHECK(os::mapping_count() <= before + 20);
}

TEST_CASE("chunks that wait to be retired fault, and are few", "[heap]") {
  HeapRig rig({}, each_engine());
  CAPTURE(std::string(rig.heap().engine()));
  const Churned churned = churn(rig, kChurn);
  constexpr Size kChunk = Size{1} << 21;
  Size waiting = 0;
  for (Address at = churned.first; at < align_down(churned.last, kChunk); at += kChunk) {
    if (rig.heap().chunks().is_retired(at)) continue;
    ++waiting;
    CHECK(rig.load_faults(at));
  }
  CHECK(waiting < 8);
}

TEST_CASE("a large block is retired with its own chunks", "[heap]") {
  HeapRig rig(with_history(0), each_engine());
  const Address first = rig.allocate(Size{3} << 20);
  test::byte_at(first) = 1;
  REQUIRE(rig.release(first));
  CHECK(rig.heap().chunks().is_retired(first));
  CHECK(rig.load_faults(first));
  REQUIRE(rig.release(rig.allocate(Size{3} << 20)));
  CHECK(rig.heap().chunks().is_expired(first + (Size{2} << 20)));
  CHECK(rig.load_faults(first));
}
