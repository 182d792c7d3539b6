#include "metadata/chunk_table.h"

#include <catch2/catch.hpp>

#include "metadata/invented_arena.h"

using namespace fencepost;
using metadata::Chunk;
using metadata::ChunkTable;
using metadata::kChunkSize;
using test::in_chunk;
using test::live_block;

TEST_CASE("a table covers the whole arena", "[metadata]") {
  test::InventedArena arena;
  REQUIRE(arena.is_covered());
  CHECK(arena.table().arena() == test::kInventedArena);
}

TEST_CASE("a table of an arena of a few chunks can be had", "[metadata]") {
  const auto table = std::make_unique<ChunkTable>();
  CHECK(table->cover({in_chunk(0), in_chunk(16)}));
  CHECK(table->arena() == Range{in_chunk(0), in_chunk(16)});
}

TEST_CASE("an address finds the chunk that answers for it, and only that", "[metadata]") {
  test::InventedArena arena;
  Chunk& second = arena.add_shared(1);
  Chunk& run = arena.add_run(3, 2, live_block(in_chunk(3), kChunkSize, 512));
  const ChunkTable& table = arena.table();
  CHECK(table.find(in_chunk(1) - 1) == nullptr);
  CHECK(table.find(in_chunk(1)) == &second);
  CHECK(table.find(in_chunk(2) - 1) == &second);
  CHECK(table.find(in_chunk(2)) == nullptr);
  CHECK(table.find(in_chunk(3)) == &run);
  CHECK(table.find(in_chunk(5) - 1) == &run);
  CHECK(table.find(in_chunk(5)) == nullptr);
  CHECK(table.find(0) == nullptr);
  CHECK(table.find(test::kInventedArena.begin - 1) == nullptr);
  CHECK(table.find(test::kInventedArena.end) == nullptr);
}

TEST_CASE("the last chunk of the arena can be entered", "[metadata]") {
  test::InventedArena arena;
  const Size last = test::kInventedArena.size() / kChunkSize - 1;
  Chunk& chunk = arena.add_shared(last);
  CHECK(arena.table().find(test::kInventedArena.end - 1) == &chunk);
}

TEST_CASE("only the first byte of a block finds its record", "[metadata]") {
  test::InventedArena arena;
  const record::BlockRecord* const block = arena.add_shared(0).publish(live_block(in_chunk(0, 0xfd8), 40, 1));
  CHECK(arena.table().find_block(in_chunk(0, 0xfd8)) == block);
  for (const Address near : {in_chunk(0), in_chunk(0, 0xfd7), in_chunk(0, 0xfd9), in_chunk(0, 0x1000), in_chunk(1)}) {
    CHECK(arena.table().find_block(near) == nullptr);
  }
}

TEST_CASE("a chunk without records finds no block", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(0);
  CHECK(arena.table().find_block(in_chunk(0)) == nullptr);
}

TEST_CASE("every record is visited once, in the order of addresses", "[metadata]") {
  test::InventedArena arena;
  Chunk& later = arena.add_shared(6);
  Chunk& earlier = arena.add_shared(1);
  arena.add_run(2, 3, live_block(in_chunk(2), 2 * kChunkSize, 1024));
  later.publish(live_block(in_chunk(6), 1, 1));
  later.publish(live_block(in_chunk(6, 0x2000), 1, 1));
  earlier.publish(live_block(in_chunk(1), 1, 1));
  std::vector<Address> visited;
  arena.table().for_each({in_chunk(0), in_chunk(10)}, [&](const record::BlockRecord& block) {
    visited.push_back(block.address);
    return true;
  });
  CHECK(visited == std::vector<Address>{in_chunk(1), in_chunk(2), in_chunk(6), in_chunk(6, 0x2000)});
}

TEST_CASE("a visit ends when it is told to", "[metadata]") {
  test::InventedArena arena;
  Chunk& chunk = arena.add_shared(0);
  for (Size i = 0; i < 5; ++i) chunk.publish(live_block(in_chunk(0, i * 0x2000), 1, 1));
  int visits = 0;
  arena.table().for_each({in_chunk(0), in_chunk(10)}, [&](const record::BlockRecord&) { return ++visits < 3; });
  CHECK(visits == 3);
}

TEST_CASE("only the part that was asked for is visited", "[metadata]") {
  test::InventedArena arena;
  for (const Size index : {Size{0}, Size{1}, Size{2}})
    arena.add_shared(index).publish(live_block(in_chunk(index), 1, 1));
  std::vector<Address> visited;
  arena.table().for_each({in_chunk(1), in_chunk(2)}, [&](const record::BlockRecord& block) {
    visited.push_back(block.address);
    return true;
  });
  CHECK(visited == std::vector<Address>{in_chunk(1)});
}

TEST_CASE("an expired chunk answers for all of its range, and finds nothing", "[metadata]") {
  test::InventedArena arena;
  arena.add_shared(0).publish(live_block(in_chunk(0), 16, 1));
  const Chunk& run = arena.add_run(1, 3, live_block(in_chunk(1), 2 * kChunkSize, 1024));
  arena.add_shared(4).publish(live_block(in_chunk(4), 16, 1));
  ChunkTable& table = arena.table();
  CHECK_FALSE(table.is_expired(in_chunk(1)));
  table.expire(run.range(), true);
  for (const Address inside : {in_chunk(1), in_chunk(2, 5), in_chunk(4) - 1}) {
    CAPTURE(inside);
    CHECK(table.is_expired(inside));
    CHECK(table.is_retired(inside));
    CHECK(table.find(inside) == nullptr);
    CHECK(table.find_block(inside) == nullptr);
  }
  for (const Address outside : {in_chunk(1) - 1, in_chunk(4), in_chunk(9), Address{0}, test::kInventedArena.end}) {
    CAPTURE(outside);
    CHECK_FALSE(table.is_expired(outside));
  }
  int visits = 0;
  table.for_each({in_chunk(0), in_chunk(5)}, [&](const record::BlockRecord&) { return ++visits > 0; });
  CHECK(visits == 2);
}

TEST_CASE("a retired chunk still knows its records", "[metadata]") {
  test::InventedArena arena;
  Chunk& chunk = arena.add_shared(0);
  chunk.publish(live_block(in_chunk(0), 16, 1));
  CHECK_FALSE(arena.table().is_retired(in_chunk(0)));
  chunk.mark_retired();
  CHECK(arena.table().is_retired(in_chunk(0)));
  CHECK_FALSE(arena.table().is_expired(in_chunk(0)));
  CHECK(arena.table().find_block(in_chunk(0)) != nullptr);
  CHECK_FALSE(arena.table().is_retired(in_chunk(1)));
}

TEST_CASE("an expired chunk is retired only if it was closed", "[metadata]") {
  test::InventedArena arena;
  ChunkTable& table = arena.table();
  table.expire(arena.add_shared(0).range(), false);
  table.expire(arena.add_shared(1).range(), true);
  CHECK((table.is_expired(in_chunk(0)) && table.is_expired(in_chunk(1))));
  CHECK_FALSE(table.is_retired(in_chunk(0)));
  CHECK(table.is_retired(in_chunk(1)));
}

TEST_CASE("expired chunks in a row are found, the first ones that expired early enough", "[metadata]") {
  constexpr auto kAny = ~ChunkTable::Turn{0};
  test::InventedArena arena;
  ChunkTable& table = arena.table();
  const Range part{in_chunk(0), in_chunk(8)};
  for (const Size index : {Size{1}, Size{2}, Size{3}, Size{4}, Size{5}}) arena.add_shared(index);
  CHECK(table.find_expired(part, 1, kAny).empty());
  for (const Size index : {Size{4}, Size{2}, Size{1}}) table.expire({in_chunk(index), in_chunk(index + 1)}, true);
  CHECK(table.find_expired(part, 1, kAny) == Range{in_chunk(1), in_chunk(2)});
  CHECK(table.find_expired(part, 1, 1) == Range{in_chunk(4), in_chunk(5)});
  CHECK(table.find_expired(part, 1, 2) == Range{in_chunk(2), in_chunk(3)});
  CHECK(table.find_expired(part, 2, kAny) == Range{in_chunk(1), in_chunk(3)});
  CHECK(table.find_expired(part, 2, 2).empty());
  CHECK(table.find_expired(part, 3, kAny).empty());
  CHECK(table.find_expired({in_chunk(2), in_chunk(4)}, 1, kAny) == Range{in_chunk(2), in_chunk(3)});
  CHECK(table.middle_turn() == 2);
  table.forget({in_chunk(2), in_chunk(3)});
  CHECK_FALSE(table.is_expired(in_chunk(2)));
  CHECK(table.find({in_chunk(2)}) == nullptr);
  CHECK(table.find_expired(part, 2, kAny).empty());
}

TEST_CASE("expired chunks are found around others, within a part", "[metadata]") {
  test::InventedArena arena;
  ChunkTable& table = arena.table();
  const Range part{in_chunk(1), in_chunk(7)};
  for (Size index = 0; index < 8; ++index) table.expire(arena.add_shared(index).range(), true);
  table.forget({in_chunk(5), in_chunk(6)});
  const Range near{in_chunk(3), in_chunk(4)};
  CHECK(table.find_expired_around(near, part, 1) == near);
  CHECK(table.find_expired_around(near, part, 3) == Range{in_chunk(1), in_chunk(4)});
  CHECK(table.find_expired_around(near, part, 4) == Range{in_chunk(1), in_chunk(5)});
  CHECK(table.find_expired_around(near, part, 5).empty());
}
