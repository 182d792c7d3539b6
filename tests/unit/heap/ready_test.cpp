// What waits in open slots for the next blocks: the pages of freed ones (page_move), or fresh ones (guard_region).
#include <sys/syscall.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "heap_rig.h"

using namespace fencepost;
using test::HeapRig;

namespace {

constexpr Size kBlocks = 4096;
constexpr Size kFew = 64;

/// Pages in memory of the chunks from that of `first` to that of `last`.
Size resident_pages(Address first, Address last) {
  constexpr Size kChunk = Size{1} << 21;
  const std::vector<bool> pages = test::resident_pages({align_down(first, kChunk), align_up(last + kPageSize, kChunk)});
  return static_cast<Size>(std::count(pages.begin(), pages.end(), true));
}

/// The same of the arena, as far as blocks were given out.
Size resident_pages(const HeapRig& rig, Address last) { return resident_pages(rig.arena().begin, last); }

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

TEST_CASE("a few pages of a freed group wait for the next one", "[heap]") {
  Group group;
  if (group.rig.heap().engine() != "page_move") return;
  group.allocate(kBlocks);
  const Address last_before = group.blocks.back();
  group.release_all();
  const Size waiting = resident_pages(group.rig, last_before + kBlocks * 2 * kPageSize);
  CHECK(waiting > 0);
  CHECK(waiting <= kFew);
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
  CHECK(resident_pages(group.rig, last + kBlocks * 2 * kPageSize) <= 2 * kFew);
}

namespace {

/// A heap whose small slots are guard regions; not usable where there are none.
HeapRig guard_rig() { return HeapRig({}, fence::EngineKind::guard_region); }

}  // namespace

TEST_CASE("slots that are opened ahead are few, and fences stay between them", "[heap]") {
  HeapRig rig = guard_rig();
  if (rig.heap().engine() != "guard_region") return;
  for (const Size pages : {1, 2, 3, 4}) {
    CAPTURE(pages);
    std::vector<Address> blocks;
    for (int i = 0; i < 40; ++i) blocks.push_back(rig.allocate(pages * kPageSize));
    for (const Address block : blocks) {
      CHECK(rig.load_faults(block + pages * kPageSize));
      CHECK(rig.store_faults(block - 1));
    }
    const auto [first, last] = std::minmax_element(blocks.begin(), blocks.end());
    CHECK(resident_pages(*first, *last) <= (40 + 16) * pages);
    for (const Address block : blocks) CHECK(rig.release(block));
  }
}

TEST_CASE("blocks in slots that were opened ahead are as new, and fenced when they are freed", "[heap]") {
  HeapRig rig = guard_rig();
  if (rig.heap().engine() != "guard_region") return;
  std::vector<Address> blocks;
  for (int i = 0; i < 100; ++i) {
    const auto contents = i % 2 == 0 ? heap::Contents::zero : heap::Contents::pattern;
    const Address block = rig.allocate(100, 0, contents);
    for (Size at = 0; at < 100; ++at) REQUIRE(test::byte_at(block + at) == (i % 2 == 0 ? '\0' : '\xbe'));
    REQUIRE(test::byte_at(block - 1) == '\xfd');
    blocks.push_back(block);
  }
  std::sort(blocks.begin(), blocks.end());
  CHECK(std::adjacent_find(blocks.begin(), blocks.end()) == blocks.end());
  for (const Address block : blocks) REQUIRE(rig.release(block));
  for (const Address block : {blocks.front(), blocks[50], blocks.back()}) CHECK(rig.load_faults(block));
}

TEST_CASE("slots are opened one by one where the kernel opens not many, at no address twice", "[heap]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    HeapRig rig = guard_rig();
    if (rig.heap().engine() != "guard_region") return true;
    if (!test::forbid_system_call(SYS_process_madvise)) return false;
    std::vector<Address> blocks;
    for (int i = 0; i < 600; ++i) {
      blocks.push_back(rig.allocate(100));
      test::byte_at(blocks.back()) = 'x';
      if (i % 3 == 0 && !rig.release(blocks.back())) return false;
    }
    std::sort(blocks.begin(), blocks.end());
    const bool close_together = blocks.back() - blocks.front() < 700 * 2 * kPageSize;
    return close_together && std::adjacent_find(blocks.begin(), blocks.end()) == blocks.end();
  }));
}

TEST_CASE("what strays into a slot that was opened ahead is not in the zeros of the next block", "[heap]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    HeapRig rig = guard_rig();
    if (rig.heap().engine() != "guard_region") return true;
    bool zero = true;
    Size strayed = 0;
    for (int i = 0; i < 100; ++i) {
      const Address block = rig.allocate(kPageSize, 0, heap::Contents::zero);
      for (Size at = 0; at < kPageSize; ++at) zero = zero && test::byte_at(block + at) == '\0';
      for (const Address slot : {block - 2 * kPageSize, block + 2 * kPageSize}) {
        strayed += os::attempt([&] { test::byte_at(slot + 100) = 'x'; });
      }
    }
    return zero && strayed > 50;
  }));
}

TEST_CASE("an engine that is lost uses up no memory for blocks that it can't serve", "[heap]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    HeapRig rig({}, fence::EngineKind::page_move);
    if (rig.heap().engine() != "page_move") return true;
    if (!test::forbid_system_call(SYS_userfaultfd)) return false;
    os::close_descriptor(rig.heap().descriptor());
    for (int i = 0; i < 10; ++i) static_cast<void>(rig.release(rig.allocate(9000)));
    const Size before = test::resident_bytes();
    for (int i = 0; i < 2000; ++i) {
      for (const Size size : {100, 5000, 9000, 13000}) {
        if (!rig.release(rig.allocate(size))) return false;
      }
    }
    return test::resident_bytes() < before + (Size{4} << 20);
  }));
}
