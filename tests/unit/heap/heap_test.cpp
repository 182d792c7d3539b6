#include "heap/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

#include "heap/heap_rig.h"
#include "os/attempt.h"
#include "os/process.h"

using namespace fencepost;
using fence::EngineKind;
using heap::Contents;
using heap::Settings;
using heap::Shortage;
using heap::SideChoice;
using record::BlockRecord;
using record::BlockState;
using record::Event;
using test::byte_at;
using test::HeapRig;

namespace {

constexpr Size kSizes[] = {0, 1, 7, 8, 13, 16, 24, 40, 4095, 4096, 4097, 8192, 12289, 16384, 16385, 65536, 1000001};
constexpr Size kAlignments[] = {0, 1, 8, 16, 64, 4096, 8192, 65536, Size{2} << 20, Size{64} << 20};

bool faults_here(Address address) {
  return !os::attempt([=] { byte_at(address) = 1; });
}

/// The rules that every guarded block keeps.
void check_placement(HeapRig& rig, const Settings& settings, Size size, Size asked) {
  const Address address = rig.allocate(size, asked);
  const BlockRecord block = rig.record_of(address);
  const Size alignment = heap::effective_alignment(size, asked, settings.least_alignment);
  CAPTURE(size, asked, settings.least_alignment, static_cast<int>(settings.side));
  REQUIRE(rig.is_guarded(address));
  REQUIRE(block.address == address);
  REQUIRE(block.size == size);
  REQUIRE(is_aligned(address, alignment));
  REQUIRE(block.asked_alignment() == std::max(asked, Size{1}));
  REQUIRE(block.data().size() == pages_for(size) * kPageSize);
  REQUIRE((size == 0 || block.bytes().end <= block.data().end));
  if (settings.side == SideChoice::begin) REQUIRE(address == block.data().begin);
  if (settings.side == SideChoice::end) REQUIRE(block.fence().begin - block.bytes().end < alignment);
  if (size > 0) {
    byte_at(address) = 1;
    byte_at(block.bytes().end - 1) = 1;
  }
}

/// Whether both sides of every live block fault, and its ends do not. In a child.
bool fences_hold(heap::Heap& heap) {
  test::catch_faults_in_attempts();
  heap.reset_in_child();
  bool hold = true;
  heap.chunks().for_each(heap.chunks().arena(), [&](const BlockRecord& block) {
    const bool outside =
        faults_here(block.fence().begin) && faults_here(block.fence().end - 1) && faults_here(block.data().begin - 1);
    const bool inside = block.size > 0 && (faults_here(block.address) || faults_here(block.bytes().end - 1));
    hold = hold && outside && !inside;
    return true;
  });
  return hold;
}

std::string_view name_of(EngineKind engine) {
  switch (engine) {
    case EngineKind::page_move: return "page_move";
    case EngineKind::guard_region: return "guard_region";
    case EngineKind::mprotect: return "mprotect";
    case EngineKind::none: break;
  }
  return "none";
}

/// Whether this kernel has `engine`; says so if it does not.
bool is_offered(EngineKind engine) {
  const HeapRig rig({}, engine, Size{64} << 20);
  if (rig.reason().empty()) return true;
  WARN(name_of(engine) << " is not tested: " << rig.reason());
  return false;
}

/// Runs a test once for each best engine that works here.
struct EachEngine {
  const EngineKind engine =
      GENERATE(filter(is_offered, values({EngineKind::page_move, EngineKind::guard_region, EngineKind::mprotect})));
};

Settings with_side(SideChoice side) {
  Settings settings;
  settings.side = side;
  return settings;
}

Settings with_max_blocks(Size blocks) {
  Settings settings;
  settings.max_blocks = blocks;
  return settings;
}

}  // namespace

TEST_CASE_METHOD(EachEngine, "blocks of every size, alignment and side lie against a fence", "[heap]") {
  for (const SideChoice side : {SideChoice::end, SideChoice::begin, SideChoice::random}) {
    for (const Size least : {Size{0}, Size{1}, Size{64}}) {
      Settings settings;
      settings.side = side;
      settings.least_alignment = least;
      HeapRig rig(settings, engine);
      for (const Size size : kSizes) {
        for (const Size asked : kAlignments) check_placement(rig, settings, size, asked);
      }
      CHECK(test::holds_in_child([&] { return fences_hold(rig.heap()); }));
    }
  }
}

TEST_CASE_METHOD(EachEngine, "a heap gets the engine that was asked for", "[heap]") {
  HeapRig rig({}, engine);
  CHECK(rig.reason().empty());
  CHECK(rig.heap().engine() == name_of(engine));
}

TEST_CASE("a heap tells why it has no engine", "[heap]") {
  CHECK(HeapRig({}, EngineKind::none).reason().find("engine=none") != std::string_view::npos);
}

TEST_CASE_METHOD(EachEngine, "a heap guards its blocks in whatever address space it gets", "[heap]") {
  for (const Size arena : {Size{32} << 20, Size{1} << 30, Size{64} << 30, Size{1} << 42}) {
    HeapRig rig({}, engine, arena);
    CAPTURE(arena, std::string(rig.reason()));
    CHECK(rig.is_guarded(rig.allocate(40)));
  }
}

TEST_CASE_METHOD(EachEngine, "a heap guards its blocks under a limit on the address space", "[heap]") {
  CHECK(test::holds_in_child([this] {
    if (!test::limit_address_space(Size{8} << 30)) return false;
    HeapRig rig({}, engine, Size{2} << 30);
    return rig.is_guarded(rig.allocate(40));
  }));
}

TEST_CASE_METHOD(EachEngine, "a record says who allocated and who freed", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  CHECK(rig.record_of(address).state == BlockState::live);
  CHECK(rig.record_of(address).alloc_trace == 11);
  CHECK(rig.record_of(address).alloc_thread == 1);
  CHECK(rig.record_of(address).alloc_api == record::Api::malloc);
  REQUIRE(rig.release(address));
  CHECK(rig.record_of(address).state == BlockState::freed);
  CHECK(rig.record_of(address).free_trace == 22);
  CHECK(rig.record_of(address).free_thread == 2);
  CHECK(rig.record_of(address).free_api == record::Api::free);
  CHECK(rig.record_of(address).alloc_trace == 11);
}

TEST_CASE_METHOD(EachEngine, "a freed block faults from its first byte to its last", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(10000);
  byte_at(address) = 1;
  REQUIRE(rig.release(address));
  for (const Address at : {address, address + 5000, address + 9999}) {
    CHECK(rig.load_faults(at));
    CHECK(rig.store_faults(at));
  }
}

TEST_CASE_METHOD(EachEngine, "new blocks are filled, up to fill_max", "[heap]") {
  Settings settings;
  settings.fill_malloc = 0x5a;
  settings.fill_max = 100;
  HeapRig rig(settings, engine);
  const Address address = rig.allocate(200);
  CHECK(byte_at(address) == 0x5a);
  CHECK(byte_at(address + 99) == 0x5a);
  CHECK(byte_at(address + 100) == 0);
  const Address shorter = rig.allocate(7);
  CHECK(byte_at(shorter + 6) == 0x5a);
}

TEST_CASE_METHOD(EachEngine, "new blocks are zero when asked for, or when nothing fills them", "[heap]") {
  Settings unfilled;
  unfilled.fill_malloc = -1;
  HeapRig rig({}, engine);
  HeapRig rig_without_fill(unfilled, engine);
  for (const Address address : {rig.allocate(10000, 0, Contents::zero), rig_without_fill.allocate(10000)}) {
    int wrong = 0;
    for (Address at = address; at < address + 10000; ++at) wrong += byte_at(at) == 0 ? 0 : 1;
    CHECK(wrong == 0);
  }
}

TEST_CASE_METHOD(EachEngine, "slack that was written is found when the block is freed", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  byte_at(address + 41) = 'x';
  REQUIRE_FALSE(rig.release(address));
  CHECK(rig.error().event == Event::changed_slack);
  CHECK(rig.error().access == record::Access::write);
  CHECK(rig.error().api == record::Api::free);
  CHECK(rig.error().thread == 2);
  CHECK(rig.error().address == address + 41);
  CHECK(rig.error().damage.changed == Range{address + 41, address + 42});
  CHECK(rig.error().damage.count == 1);
  CHECK(rig.error().damage.pattern == 0xfd);
  CHECK(rig.error().damage.sample[0] == 'x');
}

TEST_CASE_METHOD(EachEngine, "a block whose slack was written is freed all the same", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  byte_at(address - 1) = 'x';
  REQUIRE_FALSE(rig.release(address));
  CHECK(rig.record_of(address).state == BlockState::freed);
  CHECK(rig.load_faults(address));
  REQUIRE_FALSE(rig.release(address));
  CHECK(rig.error().event == Event::call);
}

TEST_CASE_METHOD(EachEngine, "slack is unchecked when it has no pattern", "[heap]") {
  Settings settings;
  settings.fill_slack = -1;
  HeapRig rig(settings, engine);
  const Address address = rig.allocate(40);
  byte_at(address + 41) = 'x';
  CHECK(rig.release(address));
}

TEST_CASE_METHOD(EachEngine, "freeing a block twice is told by address and caller", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  REQUIRE(rig.release(address));
  REQUIRE_FALSE(rig.release(address));
  CHECK(rig.error().event == Event::call);
  CHECK(rig.error().api == record::Api::free);
  CHECK(rig.error().address == address);
  CHECK(rig.error().thread == 2);
  CHECK(rig.record_of(address).free_trace == 22);
}

TEST_CASE_METHOD(EachEngine, "freeing what is not the start of a block changes nothing", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  int on_stack = 0;
  for (const Address wrong : {address + 1, address + 39, address - 1, address + 40, address + 4096, Address{0},
                              Address{8}, test::address_of(&on_stack), rig.arena().end - 8}) {
    CAPTURE(wrong);
    CHECK_FALSE(rig.release(wrong));
    CHECK(rig.error().event == Event::call);
    CHECK(rig.error().address == wrong);
  }
  CHECK(rig.record_of(address).state == BlockState::live);
  CHECK(rig.live() == 1);
  CHECK(rig.release(address));
}

TEST_CASE_METHOD(EachEngine, "a block of zero bytes is unique, inaccessible and can be freed once", "[heap]") {
  HeapRig rig({}, engine);
  const Address first = rig.allocate(0);
  const Address second = rig.allocate(0);
  REQUIRE((first != 0 && second != 0));
  CHECK(first != second);
  CHECK(rig.load_faults(first));
  CHECK(rig.load_faults(first - 1));
  CHECK(rig.release(first));
  CHECK_FALSE(rig.release(first));
  CHECK(rig.release(second));
}

TEST_CASE_METHOD(EachEngine, "the size of a block is what was asked for", "[heap]") {
  HeapRig rig({}, engine);
  for (const Size asked : kSizes) {
    Size size = 99;
    const Address address = rig.allocate(asked);
    CHECK(rig.size_of(address, size));
    CHECK(size == asked);
  }
}

TEST_CASE_METHOD(EachEngine, "what is no live block has no size", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  Size size = 0;
  CHECK_FALSE(rig.size_of(address + 1, size));
  CHECK(rig.error().event == Event::call);
  CHECK(rig.error().api == record::Api::malloc_usable_size);
  CHECK(rig.error().address == address + 1);
  CHECK(rig.error().thread == 3);
  REQUIRE(rig.release(address));
  CHECK_FALSE(rig.size_of(address, size));
  CHECK_FALSE(rig.size_of(test::address_of(&size), size));
}

TEST_CASE_METHOD(EachEngine, "addresses are never used again", "[heap]") {
  HeapRig rig({}, engine);
  std::set<Address> pages;
  for (Size turn = 0; turn < 5000; ++turn) {
    const Address address = rig.allocate(turn % 7 * 700);
    REQUIRE(pages.insert(align_down(address, kPageSize)).second);
    REQUIRE(rig.release(address));
  }
  std::vector<Range> slots;
  rig.heap().chunks().for_each(rig.arena(), [&](const BlockRecord& block) {
    slots.push_back(block.slot());
    return true;
  });
  CHECK(slots.size() == 5000);
  const auto touch = [](const Range& a, const Range& b) { return a.end > b.begin; };
  CHECK(std::adjacent_find(slots.begin(), slots.end(), touch) == slots.end());
}

TEST_CASE_METHOD(EachEngine, "dead blocks cost no mappings", "[heap]") {
  HeapRig rig({}, engine);
  REQUIRE(rig.release(rig.allocate(40)));
  const Size before = os::mapping_count();
  for (int turn = 0; turn < 2000; ++turn) REQUIRE(rig.release(rig.allocate(40)));
  CHECK(os::mapping_count() <= before + 20);
}

TEST_CASE_METHOD(EachEngine, "blocks that lived together cost no mappings when they are dead", "[heap]") {
  HeapRig rig({}, engine);
  const Size before = os::mapping_count();
  std::vector<Address> blocks;
  for (int i = 0; i < 2000; ++i) blocks.push_back(rig.allocate(40));
  for (const Address block : blocks) REQUIRE(rig.release(block));
  CHECK(os::mapping_count() <= before + 20);
}

TEST_CASE_METHOD(EachEngine, "past the limit blocks are unguarded, and can be freed like others", "[heap]") {
  HeapRig rig(with_max_blocks(10), engine);
  std::vector<Address> guarded;
  for (int i = 0; i < 10; ++i) guarded.push_back(rig.allocate(40));
  CHECK(std::all_of(guarded.begin(), guarded.end(), [&](Address block) { return rig.is_guarded(block); }));
  CHECK(rig.heap().shortage() == Shortage::none);

  for (const Size alignment : {Size{0}, Size{16}, Size{4096}, Size{64} << 20}) {
    const Address address = rig.allocate(100, alignment);
    Size size = 0;
    CAPTURE(alignment);
    REQUIRE(address != 0);
    CHECK_FALSE(rig.is_guarded(address));
    CHECK(is_aligned(address, std::max(alignment, Size{16})));
    byte_at(address + 99) = 1;
    CHECK(rig.size_of(address, size));
    CHECK(size == 100);
    CHECK_FALSE(rig.release(address + 16));
    CHECK(rig.release(address));
    CHECK_FALSE(rig.release(address));
    CHECK(rig.error().event == Event::call);
  }
  CHECK(rig.heap().shortage() == Shortage::block_limit);
  CHECK(rig.heap().budget().peak() == 10);
}

TEST_CASE_METHOD(EachEngine, "below the limit blocks are guarded again", "[heap]") {
  HeapRig rig(with_max_blocks(1), engine);
  const Address first = rig.allocate(40);
  const Address second = rig.allocate(40);
  CHECK_FALSE(rig.is_guarded(second));
  REQUIRE(rig.release(first));
  CHECK(rig.is_guarded(rig.allocate(40)));
  CHECK(rig.release(second));
}

TEST_CASE("unguarded blocks are zero when asked for", "[heap]") {
  HeapRig rig({}, EngineKind::none);
  for (const Size alignment : {Size{0}, Size{4096}}) {
    for (int turn = 0; turn < 20; ++turn) {
      const Address address = rig.allocate(1000, alignment, Contents::zero);
      REQUIRE(address != 0);
      int wrong = 0;
      for (Address at = address; at < address + 1000; ++at) wrong += byte_at(at) == 0 ? 0 : 1;
      CHECK(wrong == 0);
      for (Address at = address; at < address + 1000; ++at) byte_at(at) = 1;
      CHECK(rig.release(address));
    }
  }
}

TEST_CASE_METHOD(EachEngine, "one thread may tell of a shortage, once", "[heap]") {
  HeapRig rig(with_max_blocks(1), engine);
  CHECK_FALSE(rig.heap().claim_shortage_notice());
  static_cast<void>(rig.allocate(1));
  static_cast<void>(rig.allocate(1));
  CHECK(rig.heap().claim_shortage_notice());
  CHECK_FALSE(rig.heap().claim_shortage_notice());
}

TEST_CASE("a heap without an engine serves everything unguarded, and calls it no shortage to tell of", "[heap]") {
  HeapRig rig({}, EngineKind::none);
  const Address address = rig.allocate(40);
  REQUIRE(address != 0);
  CHECK_FALSE(rig.is_guarded(address));
  CHECK(rig.heap().shortage() == Shortage::no_engine);
  CHECK_FALSE(rig.heap().claim_shortage_notice());
  CHECK(rig.cache().counters.unguarded.get() == 1);
  CHECK(rig.release(address));
}

TEST_CASE_METHOD(EachEngine, "a block larger than all memory is the next allocator's to refuse", "[heap]") {
  HeapRig rig({}, engine);
  CHECK(rig.allocate(Size{1} << 60) == 0);
  CHECK(rig.allocate(PTRDIFF_MAX) == 0);
  CHECK(rig.heap().shortage() == Shortage::none);
  CHECK(rig.live() == 0);
  CHECK(rig.is_guarded(rig.allocate(40)));
}

TEST_CASE_METHOD(EachEngine, "a block that the kernel refuses is a shortage, and nothing is lost", "[heap]") {
  CHECK(test::holds_in_child([this] {
    HeapRig rig({}, engine);
    const Address before = rig.allocate(40);
    if (!test::limit_data(Size{256} << 20)) return false;
    const bool refused = rig.allocate(Size{1} << 30) == 0;
    return refused && rig.heap().shortage() == Shortage::kernel && rig.live() == 1 && rig.release(before);
  }));
}

TEST_CASE_METHOD(EachEngine, "one block that is too large for the kernel does not leave the small ones unguarded",
                 "[heap]") {
  CHECK(test::holds_in_child([this] {
    HeapRig rig({}, engine);
    if (!test::limit_data(Size{256} << 20)) return false;
    static_cast<void>(rig.allocate(Size{1} << 30));
    return rig.is_guarded(rig.allocate(40));
  }));
}

TEST_CASE_METHOD(EachEngine, "the random side uses both, and a seed repeats it", "[heap]") {
  const auto sides = [this](std::uint64_t seed) {
    Settings settings = with_side(SideChoice::random);
    settings.seed = seed;
    HeapRig rig(settings, engine);
    std::vector<bool> begins;
    for (int i = 0; i < 200; ++i) {
      const Address address = rig.allocate(40);
      begins.push_back(address == rig.record_of(address).data().begin);
    }
    return begins;
  };
  const std::vector<bool> first = sides(1);
  const auto begins = std::count(first.begin(), first.end(), true);
  CHECK(begins > 50);
  CHECK(begins < 150);
  CHECK(sides(1) == first);
  CHECK(sides(2) != first);
}

TEST_CASE_METHOD(EachEngine, "counters say what was given out and taken back", "[heap]") {
  HeapRig rig(with_max_blocks(2), engine);
  const Address blocks[] = {rig.allocate(10), rig.allocate(20), rig.allocate(40)};
  const heap::ThreadCounters& counters = rig.cache().counters;
  CHECK(counters.guarded.get() == 2);
  CHECK(counters.unguarded.get() == 1);
  CHECK(counters.guarded_bytes.get() == 30);
  CHECK(counters.guarded_freed.get() == 0);
  for (const Address block : blocks) CHECK(rig.release(block));
  CHECK(counters.guarded_freed.get() == 2);
  CHECK(counters.unguarded_freed.get() == 1);
  CHECK(counters.guarded_bytes_freed.get() == 30);
  CHECK(rig.live() == 0);
  CHECK(rig.heap().budget().peak() == 2);
  CHECK_FALSE(rig.release(blocks[0]));
  CHECK(counters.guarded_freed.get() == 2);
}

TEST_CASE_METHOD(EachEngine, "threads allocate, write and free their own blocks at once", "[heap]") {
  HeapRig rig({}, engine);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (unsigned id = 1; id <= 8; ++id) {
    threads.emplace_back([&, id] {
      heap::ThreadCache cache;
      record::FaultRecord error;
      std::vector<char*> blocks;
      for (Size turn = 0; turn < 500; ++turn) {
        const Size size = 1 + turn * 37 % 5000;
        void* const block = rig.heap().allocate(size, 0, Contents::pattern, {record::Api::malloc, 0, id}, cache);
        if (block == nullptr || !rig.is_guarded(test::address_of(block))) ++wrong;
        blocks.push_back(static_cast<char*>(block));
        *blocks.back() = static_cast<char>(id);
        if (turn % 3 == 0) {
          char* const oldest = blocks[turn / 3];
          if (*oldest != static_cast<char>(id)) ++wrong;
          if (!rig.heap().release(oldest, {record::Api::free, 0, id}, cache, error)) ++wrong;
        }
      }
      cache.live.tell(rig.heap().live());
      if (cache.counters.guarded.get() != 500 || cache.counters.guarded_freed.get() != 167) ++wrong;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(rig.live() == 8 * (500 - 167));
}

TEST_CASE_METHOD(EachEngine, "a block may be freed by another thread", "[heap]") {
  HeapRig rig({}, engine);
  std::vector<Address> blocks;
  for (int i = 0; i < 100; ++i) blocks.push_back(rig.allocate(40));
  int failures = 0;
  std::thread([&] {
    heap::ThreadCache cache;
    record::FaultRecord error;
    for (const Address block : blocks) {
      const bool freed = rig.heap().release(reinterpret_cast<void*>(block), {record::Api::free, 0, 5}, cache, error);
      failures += freed && rig.record_of(block).free_thread == 5 ? 0 : 1;
    }
    failures += cache.counters.guarded_freed.get() == 100 ? 0 : 1;
  }).join();
  CHECK(failures == 0);
}

TEST_CASE_METHOD(EachEngine, "of threads that free one block at once, one succeeds", "[heap]") {
  HeapRig rig({}, engine);
  for (int turn = 0; turn < 200; ++turn) {
    const Address block = rig.allocate(40);
    std::atomic<int> freed = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        heap::ThreadCache cache;
        record::FaultRecord error;
        const bool success =
            rig.heap().release(reinterpret_cast<void*>(block), {record::Api::free, 0, 5}, cache, error);
        ++(success ? freed : refused);
      });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE((freed == 1 && refused == 2));
  }
}

TEST_CASE_METHOD(EachEngine, "a heap that was locked for fork works in parent and child", "[heap]") {
  HeapRig rig(with_max_blocks(2), engine);
  const Address before = rig.allocate(40);
  rig.heap().lock_for_fork();
  CHECK(test::holds_in_child([&] {
    rig.heap().reset_in_child();
    const Address guarded = rig.allocate(Size{4} << 20);
    const Address unguarded = rig.allocate(40);
    return rig.is_guarded(guarded) && !rig.is_guarded(unguarded) && rig.release(before) && rig.release(unguarded) &&
           rig.release(guarded);
  }));
  rig.heap().unlock_after_fork();
  CHECK(rig.release(before));
}

TEST_CASE_METHOD(EachEngine, "a block that one lane refuses and the next one guards is no shortage", "[heap]") {
  HeapRig rig({}, engine, Size{64} << 20);
  Size guarded = 0;
  while (rig.is_guarded(rig.allocate(40))) {
    if (++guarded % 64 == 0) REQUIRE(rig.heap().shortage() == Shortage::none);
    REQUIRE(guarded < 100000);
  }
  CHECK(guarded > 2000);
  CHECK(rig.heap().shortage() == Shortage::address_space);
  CHECK(rig.heap().claim_shortage_notice());
}

TEST_CASE_METHOD(EachEngine, "blocks hold no more memory than the limit, give or take a step", "[heap]") {
  Settings settings;
  settings.memory_limit = 200 * kPageSize;
  HeapRig rig(settings, engine);
  CHECK(rig.heap().memory_limit() == 200 * kPageSize);
  std::vector<Address> blocks;
  Size guarded = 0;
  for (int i = 0; i < 400; ++i) {
    blocks.push_back(rig.allocate(40));
    guarded += rig.is_guarded(blocks.back()) ? 1 : 0;
  }
  CHECK(guarded >= 200);
  CHECK(guarded <= 200 + 64);
  CHECK(rig.heap().shortage() == Shortage::memory);
  CHECK(rig.is_guarded(blocks.front()));
  CHECK_FALSE(rig.is_guarded(blocks.back()));
  for (const Address block : blocks) REQUIRE(rig.release(block));
  CHECK(rig.is_guarded(rig.allocate(40)));
}

TEST_CASE_METHOD(EachEngine, "large blocks do not count as memory", "[heap]") {
  Settings settings;
  settings.memory_limit = 200 * kPageSize;
  HeapRig rig(settings, engine);
  for (int i = 0; i < 10; ++i) REQUIRE(rig.is_guarded(rig.allocate(Size{1} << 20)));
  CHECK(rig.is_guarded(rig.allocate(40)));
  CHECK(rig.heap().shortage() == Shortage::none);
}

TEST_CASE_METHOD(EachEngine, "blocks that were locked leave no mappings behind when they are dead", "[heap]") {
  HeapRig rig({}, engine);
  const Address survivor = rig.allocate(40);
  REQUIRE(rig.release(rig.allocate(40)));
  for (const Size size : {Size{40}, Size{10000}, Size{1} << 20}) {
    const Size before = os::mapping_count();
    for (int turn = 0; turn < 200; ++turn) {
      const Address block = rig.allocate(size);
      REQUIRE(mlock(reinterpret_cast<void*>(block), size) == 0);
      byte_at(block) = 1;
      REQUIRE(rig.release(block));
      if (turn == 100) CHECK(rig.load_faults(block));
    }
    CAPTURE(size);
    CHECK(os::mapping_count() <= before + 12);
  }
  CHECK(rig.release(survivor));
}

TEST_CASE_METHOD(EachEngine, "blocks are guarded, freed and fenced while all memory is locked", "[heap]") {
  CHECK(test::holds_in_child([this] {
    test::catch_faults_in_attempts();
    HeapRig rig({}, engine);
    const Address before[] = {rig.allocate(40), rig.allocate(10000), rig.allocate(Size{1} << 20)};
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return false;
    bool good = true;
    for (int turn = 0; turn < 1000; ++turn) {
      const Address block = rig.allocate(turn % 100 == 0 ? Size{1} << 20 : turn % 5 * 9000 + 40);
      good = good && rig.is_guarded(block) && !faults_here(block) && rig.release(block) && faults_here(block);
    }
    for (const Address block : before) good = good && rig.release(block) && faults_here(block);
    const Size refused = rig.heap().refused_as_locked();
    return good && munlockall() == 0 && rig.is_guarded(rig.allocate(10000)) &&
           (engine == EngineKind::mprotect) == (refused == 0) && refused <= 1000 + std::size(before);
  }));
}

TEST_CASE_METHOD(EachEngine, "a large arena is charged for what is used of it", "[heap]") {
  CHECK(test::holds_in_child([this] {
    // What RLIMIT_DATA counts is what vm.overcommit_memory=2 charges: private memory that may be written.
    if (!test::limit_data(Size{16} << 20)) return false;
    HeapRig rig({}, engine, Size{1} << 46);
    return rig.is_guarded(rig.allocate(40)) && rig.is_guarded(rig.allocate(10000)) &&
           rig.is_guarded(rig.allocate(Size{1} << 20));
  }));
}

TEST_CASE_METHOD(EachEngine, "slots that were used before hold no old contents", "[heap]") {
  HeapRig rig({}, engine);
  const Size sizes[] = {2000, 5000, 9001, 16384, 20000};
  for (int turn = 0; turn < 600; ++turn) {
    const Size size = sizes[turn / 2 % std::size(sizes)];
    const Address block = rig.allocate(size, 0, turn % 2 == 0 ? Contents::zero : Contents::pattern);
    int wrong = 0;
    for (Address at = block; at < block + size; ++at) {
      const bool filled = turn % 2 != 0 && at - block < Settings{}.fill_max;
      const char expected = filled ? static_cast<char>(0xbe) : 0;
      wrong += byte_at(at) == expected ? 0 : 1;
      byte_at(at) = 'x';
    }
    REQUIRE(wrong == 0);
    const bool overwrite = turn % 7 == 0 && !is_aligned(block, kPageSize);
    if (overwrite) byte_at(block - 1) = 'x';
    REQUIRE(rig.release(block) == !overwrite);
  }
}

TEST_CASE_METHOD(EachEngine, "a freed block faults in the child of a fork too", "[heap]") {
  HeapRig rig({}, engine);
  const Address dead = rig.allocate(40);
  REQUIRE(rig.release(dead));
  const Address live = rig.allocate(40);
  byte_at(live) = 1;
  CHECK(test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    rig.heap().reset_in_child();
    bool good = faults_here(dead) && byte_at(live) == 1 && rig.release(live) && faults_here(live);
    for (int turn = 0; turn < 200; ++turn) {
      const Address block = rig.allocate(40);
      good = good && rig.is_guarded(block) && !faults_here(block) && rig.release(block) && faults_here(block);
    }
    return good;
  }));
  CHECK(byte_at(live) == 1);
  CHECK(rig.release(live));
}

TEST_CASE_METHOD(EachEngine, "a block that is freed by the wrong function is told of, and freed", "[heap]") {
  HeapRig rig({}, engine);
  const Address address = rig.allocate(40);
  record::FaultRecord error;
  const heap::Caller caller{record::Api::operator_delete, 22, 2};
  CHECK_FALSE(rig.heap().release(reinterpret_cast<void*>(address), caller, rig.cache(), error));
  CHECK(error.event == Event::mismatched_family);
  CHECK(error.address == address);
  CHECK(error.api == record::Api::operator_delete);
  CHECK(rig.record_of(address).state == BlockState::freed);
  CHECK(rig.load_faults(address));
}

TEST_CASE("releases are not compared if nobody wants to know", "[heap]") {
  Settings settings;
  settings.mismatch = false;
  HeapRig rig(settings);
  const Address address = rig.allocate(40);
  record::FaultRecord error;
  const heap::Caller caller{record::Api::operator_delete, 22, 2, {.size = 39}};
  CHECK(rig.heap().release(reinterpret_cast<void*>(address), caller, rig.cache(), error));
}

TEST_CASE("a mismatched release of a block whose slack was written is told by the slack", "[heap]") {
  HeapRig rig;
  const Address address = rig.allocate(41);
  byte_at(address + 41) = 1;
  record::FaultRecord error;
  const heap::Caller caller{record::Api::operator_delete, 22, 2};
  CHECK_FALSE(rig.heap().release(reinterpret_cast<void*>(address), caller, rig.cache(), error));
  CHECK(error.event == Event::changed_slack);
}

TEST_CASE_METHOD(EachEngine, "a fenced page opens for a while, full of poison, and faults again", "[heap]") {
  CHECK(test::holds_in_child([this] {
    test::catch_faults_in_attempts();
    HeapRig rig({}, engine);
    const Address live = rig.allocate(48), dead = rig.allocate(48), dead_large = rig.allocate(3000000);
    if (!rig.release(dead) || !rig.release(dead_large)) return false;
    for (const Address fenced : {live + 48, dead, dead_large + 1000000}) {
      const Address page = align_down(fenced, kPageSize);
      for (int turn = 0; turn < 2; ++turn) {
        if (!faults_here(page) || !rig.heap().open_fenced(page)) return false;
        if (faults_here(page) || byte_at(page + 5) != static_cast<char>(0xdd)) return false;
        rig.heap().close_fenced(page);
      }
      if (!faults_here(page)) return false;
    }
    return !faults_here(live) && rig.release(live) && faults_here(live);
  }));
}

TEST_CASE_METHOD(EachEngine, "a fenced page is open until all who opened it closed it", "[heap]") {
  CHECK(test::holds_in_child([this] {
    test::catch_faults_in_attempts();
    HeapRig rig({}, engine);
    const Address page = rig.allocate(4096) + 4096;
    if (!rig.heap().open_fenced(page) || !rig.heap().open_fenced(page)) return false;
    rig.heap().close_fenced(page);
    if (faults_here(page)) return false;
    rig.heap().close_fenced(page);
    return faults_here(page);
  }));
}

TEST_CASE_METHOD(EachEngine, "a page of a retired chunk opens, and closes without a trace", "[heap]") {
  CHECK(test::holds_in_child([this] {
    test::catch_faults_in_attempts();
    HeapRig rig({}, engine);
    const Address first = rig.allocate(48);
    if (!rig.release(first)) return false;
    for (int i = 0; i < 5000; ++i) {
      if (!rig.release(rig.allocate(48))) return false;
    }
    if (!rig.heap().chunks().is_retired(first)) return false;
    const Address page = align_down(first, kPageSize);
    const Size before = os::mapping_count();
    if (!rig.heap().open_fenced(page) || faults_here(page)) return false;
    rig.heap().close_fenced(page);
    return faults_here(page) && os::mapping_count() <= before;
  }));
}

TEST_CASE("space that no block was given from does not open", "[heap]") {
  HeapRig rig;
  const Address block = rig.allocate(48);
  CHECK_FALSE(rig.heap().open_fenced(align_down(block, kPageSize) + (Size{1} << 30)));
}
