#include "heap/slot_allocator.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "base/align.h"

using namespace fencepost;
using heap::FreshSlot;
using heap::place;
using heap::Placement;
using heap::Side;
using heap::SlotAllocator;
using heap::ThreadCache;
using metadata::kChunkSize;

namespace {

/// Slots are addresses; nothing has to be there.
struct Slots {
  static constexpr Range kArena{Address{1} << 44, (Address{1} << 44) + (Size{1} << 40)};

  explicit Slots(Size record_bytes = Size{64} << 20) : ready(storage.reserve(record_bytes) && chunks.cover(kArena)) {
    if (!fence.start(fence::EngineKind::mprotect, kArena, 0)) ready = false;
    slots.start(kArena, metadata::Layout::mixed);
  }

  /// Takes and keeps a slot; empty if there is none.
  Range take(Size size, Size alignment, ThreadCache& cache) {
    const Placement placement = place(size, alignment, Side::end);
    const FreshSlot slot = slots.take(placement, fence, cache);
    if (!slot.found()) return {};
    slot.chunk->publish({.address = slot.data.begin + placement.offset,
                         .size = size,
                         .data_pages = static_cast<std::uint32_t>(placement.data_pages),
                         .state = record::BlockState::live});
    slots.keep(slot, cache);
    return {slot.data.begin, slot.data.end + kPageSize};
  }

  metadata::PageArena storage;
  metadata::ChunkTable chunks;
  metadata::ChunkPool pool{storage};
  fence::AnyFence fence;
  SlotAllocator slots{chunks, pool, 0};
  bool ready;
};

bool overlap(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  return std::adjacent_find(ranges.begin(), ranges.end(),
                            [](const Range& a, const Range& b) { return a.end > b.begin; }) != ranges.end();
}

}  // namespace

TEST_CASE("slots are cut front to back, each with its fence", "[heap]") {
  const auto made = std::make_unique<Slots>();
  REQUIRE(made->ready);
  ThreadCache cache;
  CHECK(made->take(16, 16, cache) == Range{Slots::kArena.begin, Slots::kArena.begin + 0x2000});
  CHECK(made->take(0, 1, cache) == Range{Slots::kArena.begin + 0x2000, Slots::kArena.begin + 0x3000});
  CHECK(made->take(4097, 16, cache) == Range{Slots::kArena.begin + 0x3000, Slots::kArena.begin + 0x6000});
}

TEST_CASE("a slot that is not kept is given out again", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache cache;
  const Placement placement = place(100, 16, Side::end);
  const FreshSlot first = made->slots.take(placement, made->fence, cache);
  CHECK(made->slots.take(placement, made->fence, cache).data == first.data);
}

TEST_CASE("the last slots that were kept can be given back, and are the next ones again", "[heap]") {
  Slots made;
  ThreadCache cache;
  const Range first = made.take(100, 0, cache), second = made.take(100, 0, cache), third = made.take(100, 0, cache);
  metadata::Chunk* const chunk = made.chunks.find(first.begin);
  made.slots.give_back({second.begin, third.end}, 2, chunk, cache);
  CHECK(made.take(100, 0, cache) == second);
  CHECK(made.take(100, 0, cache) == third);
  // Not the last ones: their space is lost.
  made.slots.give_back(second, 1, chunk, cache);
  CHECK(made.take(100, 0, cache).begin == third.end);
}

TEST_CASE("a thread keeps the users of the chunk that it cuts slots from, and no others", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache mine, other;
  const Range first = made->take(100, 0, mine), second = made->take(100, 0, mine);
  metadata::Chunk* const chunk = made->chunks.find(first.begin);
  REQUIRE(chunk == made->chunks.find(second.begin));
  CHECK(chunk->users() == 3);  // two slots, and the thread that goes on cutting
  made->slots.release(chunk, mine);
  CHECK(chunk->users() == 3);
  static_cast<void>(made->take(100, 0, mine));  // it takes the one that was kept
  CHECK(chunk->users() == 3);
  made->slots.release(chunk, other);
  CHECK(chunk->users() == 2);
}

TEST_CASE("a chunk whose blocks all died is retired when its thread goes on to the next one", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache cache;
  const Range first = made->take(1, 0, cache);
  metadata::Chunk* const chunk = made->chunks.find(first.begin);
  made->slots.release(chunk, cache);
  for (Range slot = first; made->chunks.find(slot.begin) == chunk;) {
    CHECK_FALSE(chunk->is_retired());
    slot = made->take(1, 0, cache);
    if (made->chunks.find(slot.begin) == chunk) made->slots.release(chunk, cache);
  }
  CHECK(chunk->users() == 0);
}

TEST_CASE("a forked child counts no users for threads that it does not have", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache cache;
  metadata::Chunk* const chunk = made->chunks.find(made->take(1, 0, cache).begin);
  made->slots.release(chunk, cache);
  cache.forget_slots();
  const Range next = made->take(1, 0, cache);
  CHECK(made->chunks.find(next.begin) != chunk);
  CHECK(made->chunks.find(next.begin)->users() == 2);
}

TEST_CASE("slots never overlap, whatever their sizes and alignments", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache cache;
  std::vector<Range> taken;
  for (const Size alignment :
       {Size{1}, Size{16}, kPageSize, Size{8192}, Size{1} << 19, Size{1} << 20, kChunkSize, Size{64} << 20}) {
    for (const Size size :
         {Size{0}, Size{1}, Size{4096}, Size{100000}, Size{128} << 12, Size{129} << 12, Size{5} << 20}) {
      for (int repeat = 0; repeat < 20; ++repeat) {
        const Range slot = made->take(size, alignment, cache);
        CAPTURE(size, alignment);
        REQUIRE_FALSE(slot.empty());
        REQUIRE(slot.size() == pages_for(size) * kPageSize + kPageSize);
        REQUIRE(is_aligned(slot.begin, std::max(alignment, kPageSize)));
        REQUIRE((slot.begin >= Slots::kArena.begin && slot.end <= Slots::kArena.end));
        taken.push_back(slot);
      }
    }
  }
  CHECK_FALSE(overlap(taken));
}

TEST_CASE("every slot's record is found by its address", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache cache;
  for (const Size size : {Size{4096}, Size{100 * 4096}, Size{3} << 20}) {
    const Range slot = made->take(size, 16, cache);
    REQUIRE(made->chunks.find_block(slot.begin) != nullptr);
    CHECK(made->chunks.find_block(slot.begin)->size == size);
  }
}

TEST_CASE("threads cut their slots from chunks of their own", "[heap]") {
  const auto made = std::make_unique<Slots>();
  std::vector<Range> taken[4];
  std::vector<std::thread> threads;
  for (auto& mine : taken) {
    threads.emplace_back([&] {
      ThreadCache cache;
      for (Size i = 0; i < 2000; ++i) mine.push_back(made->take(i % 50 == 0 ? Size{1} << 20 : i, 16, cache));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<Range> all;
  for (const auto& mine : taken) all.insert(all.end(), mine.begin(), mine.end());
  CHECK(std::none_of(all.begin(), all.end(), [](const Range& slot) { return slot.empty(); }));
  CHECK_FALSE(overlap(all));
}

TEST_CASE("used-up address space is told, and small slots may still find room", "[heap]") {
  const auto made = std::make_unique<Slots>();
  ThreadCache cache;
  constexpr Size kLarge = Size{100} << 30;
  int found = 0;
  while (!made->take(kLarge, 16, cache).empty()) ++found;
  CHECK(found == 10);
  CHECK_FALSE(made->take(16, 16, cache).empty());
  CHECK(made->take(Size{1} << 46, 16, cache).empty());
  CHECK(made->take(PTRDIFF_MAX, 16, cache).empty());
}

TEST_CASE("used-up memory for records is told", "[heap]") {
  const auto made = std::make_unique<Slots>(Size{1} << 20);
  ThreadCache cache;
  Size found = 0;
  while (!made->take(16, 16, cache).empty()) REQUIRE(++found < 100000);
  CHECK(found >= 256 * 40);
  CHECK(made->take(16, 16, cache).empty());
}

namespace {

/// Slots of one page each, in an arena of `bytes`.
struct UniformSlots {
  explicit UniformSlots(Size bytes = Size{1} << 40) : arena{Address{1} << 44, (Address{1} << 44) + bytes} {
    REQUIRE((storage.reserve(Size{64} << 20) && chunks.cover(arena)));
    REQUIRE(fence.start(fence::EngineKind::mprotect, arena, 0));
    slots.start(arena, metadata::Layout::uniform);
  }

  FreshSlot take(ThreadCache& cache) {
    const FreshSlot slot = slots.take({.data_pages = 1}, fence, cache);
    if (slot.found()) slots.keep(slot, cache);
    return slot;
  }
  /// The chunks of the next `count` slots, each once.
  std::vector<Range> take_chunks(ThreadCache& cache, Size count) {
    std::vector<Range> taken;
    for (Size i = 0; i < count; ++i) {
      const FreshSlot slot = take(cache);
      if (!slot.found()) break;
      if (taken.empty() || taken.back() != slot.chunk->range()) taken.push_back(slot.chunk->range());
    }
    return taken;
  }

  Range arena;
  metadata::PageArena storage;
  metadata::ChunkTable chunks;
  metadata::ChunkPool pool{storage};
  fence::AnyFence fence;
  SlotAllocator slots{chunks, pool, 0};
};

bool are_neighbours(const std::vector<Range>& ranges) {
  return std::adjacent_find(ranges.begin(), ranges.end(),
                            [](const Range& a, const Range& b) { return a.end != b.begin; }) == ranges.end();
}

constexpr Size kSlotsPerChunk = 256;

}  // namespace

TEST_CASE("the chunks of one thread follow each other, however many spans they take", "[heap]") {
  UniformSlots made(Size{1} << 32);  // spans of 32 MiB
  ThreadCache cache;
  const auto chunks = made.take_chunks(cache, 100 * kSlotsPerChunk);
  CHECK(chunks.size() == 100);
  CHECK(are_neighbours(chunks));
}

TEST_CASE("threads have spans of their own, with a gap between", "[heap]") {
  UniformSlots made(Size{1} << 32);
  ThreadCache one, other;
  std::vector<Range> mine, theirs;
  for (int turn = 0; turn < 40; ++turn) {
    for (const Range chunk : made.take_chunks(one, kSlotsPerChunk)) mine.push_back(chunk);
    for (const Range chunk : made.take_chunks(other, kSlotsPerChunk)) theirs.push_back(chunk);
  }
  for (const Range& a : mine) {
    for (const Range& b : theirs) {
      if (a.begin <= b.end && b.begin <= a.end) FAIL("chunks of two threads touch");
    }
  }
}

TEST_CASE("more threads than may have spans share chunks' space, and none goes without", "[heap]") {
  UniformSlots made(Size{1} << 32);
  std::vector<ThreadCache> caches(200);
  for (ThreadCache& cache : caches) REQUIRE(made.take(cache).found());
  CHECK(std::count_if(caches.begin(), caches.end(),
                      [](const ThreadCache& cache) { return cache.cursors[0].owns_spans; }) == 32);
}

TEST_CASE("an arena too small for spans is used to its end", "[heap]") {
  UniformSlots made(16 * kChunkSize);
  ThreadCache one, other;
  REQUIRE(made.take(one).found());
  CHECK(made.take_chunks(other, 100 * kSlotsPerChunk).size() == 15);
}

TEST_CASE("what is left of the arena behind the last span serves chunks one by one", "[heap]") {
  UniformSlots made(Size{1} << 30);  // spans of 8 MiB
  ThreadCache cache;
  CHECK(made.take_chunks(cache, 1000 * kSlotsPerChunk).size() >= (Size{1} << 30) / kChunkSize - 1);
}
