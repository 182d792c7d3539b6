// Blocks that change their size.
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <thread>
#include <vector>

#include "heap/heap_rig.h"
#include "os/attempt.h"
#include "os/process.h"

using namespace fencepost;
using fence::EngineKind;
using heap::Settings;
using heap::SideChoice;
using record::BlockRecord;
using record::BlockState;
using record::Event;
using test::byte_at;
using test::HeapRig;

namespace {

constexpr Size kKibi = 1024, kMebi = Size{1} << 20, kGibi = Size{1} << 30;
constexpr Size kSharedMost = 512 * kKibi;

constexpr unsigned kMremap = 25;

/// Around a page, around the largest block that shares its chunk, around a chunk.
constexpr Size kSizes[] = {1,
                           4095,
                           4097,
                           kSharedMost - 1,
                           kSharedMost,
                           kSharedMost + 1,
                           kSharedMost + 4080,
                           kSharedMost + 4096,
                           kSharedMost + 4113,
                           2 * kSharedMost - 4095,
                           2 * kMebi - 4096,
                           2 * kMebi + 17};

EngineKind each_engine() { return GENERATE(EngineKind::page_move, EngineKind::guard_region, EngineKind::mprotect); }

char mark(Size at, unsigned seed) { return static_cast<char>((at * 7 + at / 4096 * 31 + seed) & 0x7f); }

void write_marks(Address block, Size size, unsigned seed) {
  auto* const bytes = reinterpret_cast<char*>(block);
  for (Size at = 0; at < size; ++at) bytes[at] = mark(at, seed);
}

bool holds_marks(Address block, Size size, unsigned seed) {
  const auto* const bytes = reinterpret_cast<const char*>(block);
  for (Size at = 0; at < size; ++at) {
    if (bytes[at] != mark(at, seed)) return false;
  }
  return true;
}

/// Kilobytes of a line of /proc/self/status.
Size status(const std::string& label) {
  const std::string text = test::read_file("/proc/self/status");
  return std::stoull(text.substr(text.find(label) + label.size()));
}

bool faults_here(Address address) {
  return !os::attempt([=] { byte_at(address) = 1; });
}

}  // namespace

TEST_CASE("a resized block has the contents of the old one, whatever the sizes and sides", "[heap]") {
  Settings settings;
  settings.side = GENERATE(SideChoice::end, SideChoice::random);
  settings.least_alignment = GENERATE(Size{0}, Size{1});
  HeapRig rig(settings, each_engine());
  CAPTURE(std::string(rig.heap().engine()));
  unsigned seed = 0;
  for (const Size before : kSizes) {
    for (const Size after : kSizes) {
      CAPTURE(before, after);
      const Address old = rig.allocate(before);
      write_marks(old, before, ++seed);
      const Address block = rig.reallocate(old, after);
      REQUIRE(rig.is_guarded(block));
      REQUIRE(holds_marks(block, std::min(before, after), seed));
      const BlockRecord record = rig.record_of(block);
      REQUIRE(record.size == after);
      REQUIRE((record.state == BlockState::live && record.alloc_trace == 33));
      REQUIRE(is_aligned(block, settings.least_alignment == 1 ? 1 : heap::natural_alignment(after)));
      REQUIRE(rig.record_of(old).state == BlockState::freed);
      REQUIRE((rig.record_of(old).free_trace == 33 && rig.record_of(old).free_thread == 4));
      byte_at(block + after - 1) = 1;
      REQUIRE(rig.release(block));
    }
  }
  CHECK(rig.live() == 0);
}

TEST_CASE("after a large block moved, the old one faults and the new one has its fences", "[heap]") {
  HeapRig rig({}, each_engine());
  const Size sizes[] = {3 * kMebi + 5, 4 * kMebi, kMebi + 100, kMebi};
  Address block = rig.allocate(2 * kMebi);
  write_marks(block, 2 * kMebi, 1);
  for (const Size size : sizes) {
    const Address old = block;
    const Size old_size = rig.record_of(old).size;
    block = rig.reallocate(old, size);
    REQUIRE(block != 0);
    CHECK(holds_marks(block, kMebi, 1));
    CHECK(test::holds_in_child([&] {
      test::catch_faults_in_attempts();
      rig.heap().reset_in_child();
      const BlockRecord record = rig.record_of(block);
      return faults_here(old) && faults_here(old + old_size / 2) && faults_here(old + old_size - 1) &&
             faults_here(record.fence().begin) && faults_here(record.data().begin - 1) &&
             !faults_here(block + size - 1);
    }));
    CHECK_FALSE(rig.release(old));
    CHECK(rig.error().event == Event::call);
  }
  CHECK(rig.release(block));
}

TEST_CASE("what a block has grown by is filled like a new one", "[heap]") {
  Settings settings;
  settings.fill_max = 2 * kMebi;
  HeapRig rig(settings, each_engine());
  const Address block = rig.reallocate(rig.allocate(kMebi - 7), 3 * kMebi);
  int wrong = 0;
  for (Address at = block + kMebi - 7; at < block + 2 * kMebi; ++at) wrong += byte_at(at) != static_cast<char>(0xbe);
  for (Address at = block + 2 * kMebi; at < block + 3 * kMebi; ++at) wrong += byte_at(at) != 0;
  CHECK(wrong == 0);
}

TEST_CASE("slack of a large block that was written is found when it is resized", "[heap]") {
  HeapRig rig({}, each_engine());
  const Address block = rig.allocate(kMebi + 1);
  byte_at(block + kMebi + 1) = 'x';
  CHECK(rig.reallocate(block, 2 * kMebi) == 0);
  CHECK(rig.error().event == Event::changed_slack);
  CHECK(rig.error().api == record::Api::realloc);
  CHECK(rig.error().address == block + kMebi + 1);
  CHECK(rig.error().thread == 4);
}

TEST_CASE("what is no live block can't be resized", "[heap]") {
  HeapRig rig({}, each_engine());
  const Address block = rig.allocate(kMebi);
  REQUIRE(rig.release(block));
  for (const Address wrong : {block, block + 8, Address{0x1000}}) {
    CHECK(rig.reallocate(wrong, 2 * kMebi) == 0);
    CHECK(rig.error().event == Event::call);
    CHECK(rig.error().address == wrong);
  }
  CHECK(rig.live() == 0);
}

TEST_CASE("a large block can be resized where its pages can't move", "[heap]") {
  const EngineKind engine = each_engine();
  CHECK(test::holds_in_child([engine] {
    HeapRig rig({}, engine);
    if (!test::forbid_system_call(kMremap)) return false;
    const Address old = rig.allocate(kMebi + 9);
    write_marks(old, kMebi + 9, 3);
    const Address grown = rig.reallocate(old, 2 * kMebi);
    if (!rig.is_guarded(grown) || !holds_marks(grown, kMebi + 9, 3) || !rig.release(grown)) return false;
    return rig.live() == 0 && rig.record_of(old).state == BlockState::freed;
  }));
}

TEST_CASE("a large block whose protection the program changed can be resized", "[heap]") {
  HeapRig rig({}, each_engine());
  const Address old = rig.allocate(4 * kMebi);
  write_marks(old, 4 * kMebi, 5);
  REQUIRE(mprotect(reinterpret_cast<void*>(old + kMebi), kMebi, PROT_READ) == 0);
  REQUIRE(madvise(reinterpret_cast<void*>(old + 3 * kMebi), kMebi / 2, MADV_DONTFORK) == 0);
  const Address grown = rig.reallocate(old, 5 * kMebi);
  REQUIRE(grown != 0);
  CHECK(holds_marks(grown, 4 * kMebi, 5));
  CHECK(rig.release(grown));
}

TEST_CASE("a large block that is locked in memory can be resized", "[heap]") {
  HeapRig rig({}, each_engine());
  const Address old = rig.allocate(kMebi);
  write_marks(old, kMebi, 6);
  REQUIRE(mlock(reinterpret_cast<void*>(old), kMebi / 2) == 0);
  const Address grown = rig.reallocate(old, 5 * kMebi);
  REQUIRE(grown != 0);
  CHECK(holds_marks(grown, kMebi, 6));
  CHECK(rig.load_faults(old));
  CHECK(rig.release(grown));
  CHECK(rig.load_faults(grown));
}

TEST_CASE("parent and child resize what they share", "[heap]") {
  HeapRig rig({}, each_engine());
  const Address old = rig.allocate(kMebi + 5);
  write_marks(old, kMebi + 5, 7);
  CHECK(test::holds_in_child([&] {
    rig.heap().reset_in_child();
    const Address block = rig.reallocate(old, 3 * kMebi);
    return holds_marks(block, kMebi + 5, 7) && rig.release(block);
  }));
  CHECK(holds_marks(old, kMebi + 5, 7));
  const Address block = rig.reallocate(old, 2 * kMebi);
  CHECK(holds_marks(block, kMebi + 5, 7));
}

TEST_CASE("a resized large block takes its own place within the limit", "[heap]") {
  Settings settings;
  settings.max_blocks = 1;
  HeapRig rig(settings, each_engine());
  Address block = rig.allocate(kMebi);
  for (Size size = 2; size < 20; ++size) block = rig.reallocate(block, size * kMebi);
  CHECK(rig.is_guarded(block));
  CHECK(rig.live() == 1);
  CHECK(rig.cache().counters.guarded.get() == 19);
  CHECK(rig.cache().counters.guarded_freed.get() == 18);
  CHECK(rig.cache().counters.guarded_bytes.get() - rig.cache().counters.guarded_bytes_freed.get() == 19 * kMebi);
  REQUIRE(rig.release(block));
  CHECK(rig.is_guarded(rig.allocate(40)));
}

TEST_CASE("large blocks that are resized again and again leave no mappings behind", "[heap]") {
  HeapRig rig({}, each_engine());
  Address block = rig.allocate(kMebi);
  const Address neighbour = rig.allocate(kMebi);
  const Size before = os::mapping_count();
  for (Size turn = 0; turn < 2000; ++turn) {
    block = rig.reallocate(block, kMebi + turn * 7919 % (3 * kMebi));
    REQUIRE(rig.is_guarded(block));
    byte_at(block) = 1;
    byte_at(block + kMebi - 1) = 1;
  }
  CHECK(os::mapping_count() <= before + 8);
  CHECK(rig.release(block));
  CHECK(rig.release(neighbour));
  CHECK(os::mapping_count() <= before + 8);
}

TEST_CASE("resizing a large block does not need the memory of both", "[heap]") {
  const EngineKind engine = each_engine();
  CHECK(test::holds_in_child([engine] {
    HeapRig rig({}, engine);
    const Size before = status("VmHWM:");
    const Address old = rig.allocate(256 * kMebi);
    std::memset(reinterpret_cast<void*>(old), 1, 256 * kMebi);
    const Address grown = rig.reallocate(old, 384 * kMebi);
    return byte_at(grown + 256 * kMebi - 1) == 1 && status("VmHWM:") < before + 260 * kKibi;
  }));
}

TEST_CASE("a large block costs the memory that was touched, resized or not", "[heap]") {
  const EngineKind engine = each_engine();
  CHECK(test::holds_in_child([engine] {
    HeapRig rig({}, engine, 256 * kGibi);
    const Size before = status("VmHWM:");
    Address block = rig.allocate(8 * kGibi);
    for (const Size at : {Size{0}, 4 * kGibi + 1, 8 * kGibi - 1}) byte_at(block + at) = 'x';
    block = rig.reallocate(block, 9 * kGibi);
    bool good = rig.is_guarded(block);
    for (const Size at : {Size{0}, 4 * kGibi + 1, 8 * kGibi - 1}) good = good && byte_at(block + at) == 'x';
    return good && status("VmHWM:") < before + 2 * kKibi;
  }));
}

TEST_CASE("threads resize their large blocks at once", "[heap]") {
  HeapRig rig({}, each_engine());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (unsigned id = 1; id <= 4; ++id) {
    threads.emplace_back([&, id] {
      heap::ThreadCache cache;
      record::FaultRecord error;
      const heap::Caller caller{record::Api::realloc, 0, id};
      void* block = rig.heap().allocate(kMebi, 0, heap::Contents::pattern, caller, cache);
      write_marks(test::address_of(block), kMebi, id);
      for (Size turn = 1; turn <= 100; ++turn) {
        void* next = nullptr;
        if (!rig.heap().reallocate(block, kMebi + turn * 12345 % kMebi, caller, cache, next, error)) ++wrong;
        block = next;
        if (!rig.is_guarded(test::address_of(block))) ++wrong;
      }
      if (!holds_marks(test::address_of(block), kMebi, id)) ++wrong;
      if (!rig.heap().release(block, caller, cache, error)) ++wrong;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("unguarded blocks can be resized, and cost what was touched", "[heap]") {
  CHECK(test::holds_in_child([] {
    // Else libc learns from earlier tests to keep large blocks among the small ones, where it copies them. It may have
    // room there for some MiB.
    if (mallopt(M_MMAP_THRESHOLD, 128 * kKibi) != 1) return false;
    HeapRig rig({}, EngineKind::none);
    const Size before = status("VmHWM:");
    Address block = rig.allocate(100);
    write_marks(block, 100, 9);
    for (const Size size : {Size{50}, kGibi, 8 * kGibi, 9 * kGibi, Size{200}}) {
      block = rig.reallocate(block, size);
      Size known = 0;
      if (block == 0 || !holds_marks(block, 50, 9) || !rig.size_of(block, known) || known != size) return false;
    }
    const bool freed = rig.release(block);
    return freed && !rig.release(block) && rig.reallocate(block, 10) == 0 && status("VmHWM:") < before + 2 * kKibi &&
           rig.cache().counters.unguarded.get() == 6 && rig.cache().counters.unguarded_freed.get() == 6;
  }));
}

TEST_CASE("an unguarded block that shrinks to 0 bytes is still one", "[heap]") {
  HeapRig rig({}, EngineKind::none);
  const Address block = rig.reallocate(rig.allocate(100), 0);
  REQUIRE(block != 0);
  Size size = 1;
  CHECK((rig.size_of(block, size) && size == 0));
  CHECK(rig.release(block));
  CHECK_FALSE(rig.release(block));
}

TEST_CASE("a block that comes below the limit is guarded when it is resized", "[heap]") {
  Settings settings;
  settings.max_blocks = 1;
  HeapRig rig(settings, each_engine());
  const Address first = rig.allocate(40);
  Address second = rig.allocate(40);
  write_marks(second, 40, 2);
  second = rig.reallocate(second, 50);
  CHECK_FALSE(rig.is_guarded(second));
  REQUIRE(rig.release(first));
  second = rig.reallocate(second, 60);
  CHECK(rig.is_guarded(second));
  CHECK(holds_marks(second, 40, 2));
  CHECK(rig.release(second));
}

TEST_CASE("when there is no memory at all, a block that should grow stays as it was", "[heap]") {
  for (const EngineKind engine : {EngineKind::none, each_engine()}) {
    HeapRig rig({}, engine);
    const Address block = rig.allocate(40);
    write_marks(block, 40, 4);
    CHECK(rig.reallocate(block, Size{1} << 60) == 0);
    CHECK(holds_marks(block, 40, 4));
    CHECK(rig.release(block));
  }
}
