#include "metadata/heap_view.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "metadata/invented_arena.h"

using namespace fencepost;
using metadata::HeapView;
using metadata::kChunkSize;
using record::Neighbours;
using test::in_chunk;
using test::live_block;

TEST_CASE("an address outside the arena has no neighbours", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(0).publish(live_block(in_chunk(0), 16, 1));
  const HeapView view(arena.table());
  for (const Address outside : {Address{0}, in_chunk(0) - 1, test::kInventedArena.end, ~Address{0}}) {
    const Neighbours around = view.around(outside);
    CAPTURE(outside);
    CHECK_FALSE(view.in_arena(outside));
    CHECK_FALSE((around.in_arena || around.has_below || around.has_above));
  }
}

TEST_CASE("an arena without blocks has no neighbours", "[metadata]") {
  test::InventedArena arena;
  const HeapView view(arena.table());
  const Neighbours around = view.around(in_chunk(0, 0x123));
  CHECK(around.in_arena);
  CHECK_FALSE((around.has_below || around.has_above));
}

TEST_CASE("an address between two blocks has both as neighbours", "[metadata]") {
  test::InventedArena arena;
  metadata::Chunk& chunk = arena.add_shared(0);
  chunk.publish(live_block(in_chunk(0, 0xfd8), 40, 1));
  chunk.publish(live_block(in_chunk(0, 0x2000), 24, 1));
  const HeapView view(arena.table());
  for (const Size offset : {Size{0}, Size{0xfd8}, Size{0xfff}, Size{0x1000}, Size{0x1fff}}) {
    const Neighbours around = view.around(in_chunk(0, offset));
    CAPTURE(offset);
    REQUIRE((around.has_below && around.has_above));
    CHECK(around.below.address == in_chunk(0, 0xfd8));
    CHECK(around.above.address == in_chunk(0, 0x2000));
  }
  const Neighbours last = view.around(in_chunk(0, 0x2000));
  CHECK(last.below.address == in_chunk(0, 0x2000));
  CHECK_FALSE(last.has_above);
}

TEST_CASE("neighbours are found across chunks", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(2).publish(live_block(in_chunk(2, 0x1f0000), 16, 1));
  arena.add_shared(4);
  arena.add_shared(6).publish(live_block(in_chunk(6, 0x4000), 16, 1));
  const HeapView view(arena.table());
  for (const Address address : {in_chunk(3), in_chunk(4, 0x1000), in_chunk(5) - 1, in_chunk(6, 0x3fff)}) {
    const Neighbours around = view.around(address);
    CAPTURE(address);
    REQUIRE((around.has_below && around.has_above));
    CHECK(around.below.address == in_chunk(2, 0x1f0000));
    CHECK(around.above.address == in_chunk(6, 0x4000));
  }
}

TEST_CASE("the first chunk and the first page have nothing below", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(0).publish(live_block(in_chunk(0, 0x4000), 16, 1));
  const Neighbours around = HeapView(arena.table()).around(in_chunk(0));
  CHECK_FALSE(around.has_below);
  REQUIRE(around.has_above);
  CHECK(around.above.address == in_chunk(0, 0x4000));
}

TEST_CASE("a large block is the neighbour of all of its chunks and of what is around it", "[metadata]") {
  test::InventedArena arena;
  arena.add_run(4, 20, live_block(in_chunk(5), 18 * kChunkSize, 18 * 512));
  const HeapView view(arena.table());
  CHECK(view.around(in_chunk(4)).has_above);
  CHECK_FALSE(view.around(in_chunk(4)).has_below);
  CHECK(view.around(in_chunk(5)).below.address == in_chunk(5));
  CHECK(view.around(in_chunk(24) - 1).below.address == in_chunk(5));
  CHECK_FALSE(view.around(in_chunk(24) - 1).has_above);
  CHECK(view.around(in_chunk(30)).below.address == in_chunk(5));
  CHECK(view.around(in_chunk(0)).above.address == in_chunk(5));
}

TEST_CASE("a block that is far away is no neighbour", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(0).publish(live_block(in_chunk(0), 16, 1));
  arena.add_shared(100).publish(live_block(in_chunk(100), 16, 1));
  const Neighbours around = HeapView(arena.table()).around(in_chunk(50));
  CHECK(around.in_arena);
  CHECK_FALSE((around.has_below || around.has_above));
}

TEST_CASE("a view may be read while blocks are added", "[metadata]") {
  test::InventedArena arena;
  metadata::Chunk& chunk = arena.add_shared(0);
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    const HeapView view(arena.table());
    constexpr Address kAsked = in_chunk(0, 0x1ff000);
    while (!done) {
      const Neighbours around = view.around(kAsked);
      if (around.has_below && (around.below.size != 16 || around.below.address > kAsked)) ++wrong;
      if (around.has_above && (around.above.size != 16 || around.above.address <= kAsked)) ++wrong;
    }
  });
  for (Size offset = 0; offset < kChunkSize - 0x2000; offset += 0x2000) {
    chunk.publish(live_block(in_chunk(0, offset), 16, 1));
    std::this_thread::yield();
  }
  done = true;
  reader.join();
  CHECK(wrong == 0);
}

TEST_CASE("an address whose records expired says so, and has no neighbours", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(0).publish(live_block(in_chunk(0), 16, 1));
  metadata::Chunk& dead = arena.add_shared(1);
  dead.publish(live_block(in_chunk(1), 16, 1));
  arena.add_shared(2).publish(live_block(in_chunk(2), 16, 1));
  arena.table().expire(dead.range(), true);
  const HeapView view(arena.table());
  const Neighbours around = view.around(in_chunk(1, 0x100));
  CHECK((around.in_arena && around.expired));
  CHECK_FALSE((around.has_below || around.has_above));
  const Neighbours next = view.around(in_chunk(0, 0x1800));
  CHECK_FALSE(next.expired);
  CHECK(next.below.address == in_chunk(0));
  CHECK(next.above.address == in_chunk(2));
}

TEST_CASE("the first fenced address of a range is told, live blocks being open", "[metadata]") {
  test::InventedArena arena;
  metadata::Chunk& chunk = arena.add_shared(0);
  chunk.publish(live_block(in_chunk(0, 0xfd8), 40, 1));
  record::BlockRecord* const freed = chunk.publish(live_block(in_chunk(0, 0x2000), 24, 1));
  freed->state = record::BlockState::freed;
  const HeapView view(arena.table());
  const auto first = [&](Address begin, Address end) { return view.first_fenced({begin, end}); };
  CHECK(first(in_chunk(0, 0xfd8), in_chunk(0, 0x1000)) == 0);
  CHECK(first(in_chunk(0), in_chunk(0, 0x1001)) == in_chunk(0, 0x1000));
  CHECK(first(in_chunk(0, 0x1234), in_chunk(0, 0x1235)) == in_chunk(0, 0x1234));
  CHECK(first(in_chunk(0, 0x2004), in_chunk(0, 0x2008)) == in_chunk(0, 0x2004));
  CHECK(first(in_chunk(0, 0x1234), in_chunk(0, 0x1234)) == 0);
  CHECK(first(in_chunk(7), in_chunk(7) + 1) == in_chunk(7));
  CHECK(first(0, 100) == 0);
  CHECK(first(0, test::kInventedArena.begin) == 0);
  CHECK(first(test::kInventedArena.end, ~Address{0}) == 0);
  CHECK(view.is_fenced(in_chunk(0, 0x1000)));
  CHECK_FALSE(view.is_fenced(in_chunk(0, 0xfff)));
  CHECK_FALSE(view.is_fenced(test::kInventedArena.end));
  CHECK(view.end_of_open(in_chunk(0, 0x10)) == in_chunk(0, 0x1000));
}

TEST_CASE("of a condensed chunk's slots those of the living have neighbours, the others have expired", "[metadata]") {
  test::InventedArena arena;
  std::vector<record::BlockRecord> records(metadata::records_of(metadata::Layout::uniform)), few(4);
  metadata::Chunk chunk({in_chunk(1), in_chunk(2)}, metadata::Layout::uniform, 0, records.data(), nullptr);
  REQUIRE(arena.table().enter(&chunk));
  for (Size slot = 0; slot < metadata::kPagesPerChunk / 2; ++slot) {
    record::BlockRecord block = live_block(in_chunk(1, slot * 2 * kPageSize), 16, 1);
    if (slot != 9) block.state = record::BlockState::freed;
    chunk.publish(block);
  }
  REQUIRE(chunk.condense(few.data(), 4));
  const HeapView view(arena.table());
  const Address living = in_chunk(1, 9 * 2 * kPageSize);
  for (const Address near : {living - kPageSize, living - 1, living, living + 2 * kPageSize - 1}) {
    const Neighbours around = view.around(near);
    CHECK_FALSE(around.expired);
    CHECK((near < living ? around.above : around.below).address == living);
  }
  CHECK(view.is_open(living));
  for (const Address gone : {living - kPageSize - 1, living + 2 * kPageSize, in_chunk(1)}) {
    const Neighbours around = view.around(gone);
    CHECK(around.expired);
    CHECK_FALSE((around.has_below || around.has_above));
    CHECK(view.is_fenced(gone));
  }
}

TEST_CASE("the page before a chunk is the fence of its first block, though what lay there has expired", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(4).publish(live_block(in_chunk(4), 16, 1));
  arena.add_shared(7).publish(live_block(in_chunk(7, 2 * kPageSize), 16, 1));
  arena.table().expire({in_chunk(3), in_chunk(4)}, false);
  arena.table().expire({in_chunk(6), in_chunk(7)}, false);
  const HeapView view(arena.table());
  const Neighbours around = view.around(in_chunk(4) - 1);
  CHECK_FALSE(around.expired);
  REQUIRE(around.has_above);
  CHECK(around.above.address == in_chunk(4));
  CHECK(view.around(in_chunk(4) - kPageSize - 1).expired);
  CHECK(view.around(in_chunk(7) - 1).expired);
}
