// What waits in open slots for the next blocks (page_move).
#include <sys/mman.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "heap_rig.h"

using namespace fencepost;
using test::HeapRig;

namespace {

constexpr Size kBlocks = 4096;
constexpr Size kFew = 64;
/// What threads tell of their counts is off by a step.
constexpr Size kSlop = 128;

/// Pages of the arena that are in memory, as far as blocks were given out.
Size resident_pages(const HeapRig& rig, Address last) {
  const Range used{rig.arena().begin, align_up(last + kPageSize, Size{1} << 21)};
  std::vector<unsigned char> pages(used.size() / kPageSize);
  REQUIRE(mincore(reinterpret_cast<void*>(used.begin), used.size(), pages.data()) == 0);
  return static_cast<Size>(std::count(pages.begin(), pages.end(), 1));
}

struct Group {
  HeapRig rig{{}, fence::EngineKind::page_move};
  std::vector<Address> blocks;

  void allocate(Size count) {
    for (Size i = 0; i < count; ++i) blocks.push_back(rig.allocate(32));
  }
  void release_all() {
    for (const Address block : blocks) REQUIRE(rig.release(block));
    blocks.clear();
  }
};

}  // namespace

TEST_CASE("pages of a freed group wait for the next one, up to a share of what lived", "[heap]") {
  Group group;
  if (group.rig.heap().engine() != "page_move") return;
  group.allocate(kBlocks);
  const Address last_before = group.blocks.back();
  group.release_all();
  const Address probe = group.rig.allocate(32);
  const Size waiting = resident_pages(group.rig, last_before + kBlocks * 2 * kPageSize);
  CHECK(waiting > kBlocks / 8 - kSlop);
  CHECK(waiting < kBlocks / 8 + kSlop);
  CHECK(group.rig.release(probe));
}

TEST_CASE("blocks in pages that waited are as new", "[heap]") {
  Group group;
  if (group.rig.heap().engine() != "page_move") return;
  group.allocate(kBlocks);
  for (const Address block : group.blocks) test::byte_at(block) = 'x';
  group.release_all();
  for (Size i = 0; i < kBlocks; ++i) {
    const Address block = group.rig.allocate(32, 0, heap::Contents::zero);
    for (Size at = 0; at < 32; ++at) REQUIRE(test::byte_at(block + at) == 0);
    group.blocks.push_back(block);
  }
  group.release_all();
}

TEST_CASE("a block in pages that waited can't be reached by its old address", "[heap]") {
  Group group;
  if (group.rig.heap().engine() != "page_move") return;
  group.allocate(kBlocks);
  const Address first = group.blocks.front(), last = group.blocks.back();
  group.release_all();
  group.allocate(kBlocks);
  CHECK(group.rig.load_faults(first));
  CHECK(group.rig.store_faults(last));
  group.release_all();
}

TEST_CASE("a thread that exits leaves few pages that wait, and what comes after it works", "[heap]") {
  Group group;
  if (group.rig.heap().engine() != "page_move") return;
  group.allocate(kBlocks);
  const Address last_before = group.blocks.back();
  group.release_all();
  group.rig.heap().trim(group.rig.cache());
  CHECK(resident_pages(group.rig, last_before + kBlocks * 2 * kPageSize) <= kFew);
  group.allocate(kBlocks);
  for (const Address block : group.blocks) test::byte_at(block) = 'x';
  group.release_all();
}

TEST_CASE("blocks that one thread allocates and another frees do not pile up pages", "[heap]") {
  Group group;
  if (group.rig.heap().engine() != "page_move") return;
  heap::ThreadCache other;
  record::FaultRecord error;
  Address last = 0;
  for (int round = 0; round < 20; ++round) {
    group.allocate(kBlocks / 4);
    last = std::max(last, group.blocks.back());
    for (const Address block : group.blocks) {
      REQUIRE(group.rig.heap().release(reinterpret_cast<void*>(block), {record::Api::free, 22, 2}, other, error));
    }
    group.blocks.clear();
  }
  CHECK(resident_pages(group.rig, last + kBlocks * 2 * kPageSize) < kBlocks / 4 / 8 + kSlop);
}
