#include "metadata/chunk_pool.h"

#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "metadata/invented_arena.h"

using namespace fencepost;
using metadata::Chunk;
using metadata::ChunkPool;
using metadata::kChunkSize;
using metadata::Layout;
using test::in_chunk;
using test::live_block;

namespace {

constexpr Layout kAll[] = {Layout::uniform, Layout::mixed, Layout::single};

struct Pool {
  explicit Pool(Size bytes = Size{16} << 20) : ready(storage->reserve(bytes)) {}

  Chunk* make(Size index, Layout layout = Layout::uniform) {
    return pool.make({in_chunk(index), in_chunk(index + 1)}, layout, 1);
  }
  /// A chunk with one record.
  Chunk* make_used(Size index) {
    Chunk* const chunk = make(index);
    if (chunk != nullptr) chunk->publish(live_block(in_chunk(index), 16, 1));
    return chunk;
  }

  std::unique_ptr<metadata::PageArena> storage = std::make_unique<metadata::PageArena>();
  ChunkPool pool{*storage};
  bool ready;
};

}  // namespace

TEST_CASE("a chunk is made for a range, a layout and a lane, and is empty", "[metadata]") {
  Pool made;
  REQUIRE(made.ready);
  for (const Layout layout : kAll) {
    const Chunk* const chunk = made.make(3, layout);
    REQUIRE(chunk != nullptr);
    CHECK(chunk->range() == Range{in_chunk(3), in_chunk(4)});
    CHECK(chunk->layout() == layout);
    CHECK(chunk->lane() == 1);
    CHECK(chunk->records().empty());
    CHECK(chunk->index_below(in_chunk(4) - 1) == -1);
    CHECK_FALSE(chunk->is_retired());
  }
}

TEST_CASE("chunks do not share memory", "[metadata]") {
  Pool made;
  std::vector<Chunk*> chunks;
  for (Size index = 0; index < 6; ++index) {
    chunks.push_back(made.make(index, kAll[index % 3]));
    const Size slots = index % 3 == 2 ? 1 : metadata::kPagesPerChunk / 2;
    for (Size slot = 0; slot < slots; ++slot) {
      chunks.back()->publish(live_block(in_chunk(index, slot * 2 * kPageSize), index + 1, 1));
    }
  }
  for (Size index = 0; index < 6; ++index) {
    for (const record::BlockRecord& block : chunks[index]->records()) REQUIRE(block.size == index + 1);
    CHECK(chunks[index]->range().begin == in_chunk(index));
    CHECK(chunks[index]->layout() == kAll[index % 3]);
  }
}

TEST_CASE("a discarded chunk serves again, as if it were new", "[metadata]") {
  for (const Layout layout : kAll) {
    Pool made;
    Chunk* const first = made.make(0, layout);
    for (Size slot = 0; slot < metadata::records_of(layout) / 2; ++slot) {
      first->publish(live_block(in_chunk(0, slot * 2 * kPageSize), 16, 1));
    }
    first->mark_retired();
    made.pool.discard(first);
    const Size used = made.storage->used();
    Chunk* const second = made.make(7, layout);
    CHECK(second == first);
    CHECK(made.storage->used() == used);
    CHECK(second->range().begin == in_chunk(7));
    CHECK_FALSE(second->is_retired());
    CHECK(second->records().empty());
    if (layout == Layout::single) continue;
    second->publish(live_block(in_chunk(7, 20 * kPageSize), 1, 1));
    CHECK(second->index_below(in_chunk(7, 20 * kPageSize - 1)) == -1);
    CHECK(second->index_below(in_chunk(8) - 1) == (layout == Layout::uniform ? 10 : 0));
  }
}

TEST_CASE("a discarded chunk serves only its own layout", "[metadata]") {
  Pool made;
  Chunk* const small = made.make(0, Layout::single);
  made.pool.discard(small);
  CHECK(made.make(1, Layout::mixed) != small);
  CHECK(made.make(2, Layout::uniform) != small);
  CHECK(made.make(3, Layout::single) == small);
}

TEST_CASE("the oldest chunk falls out of a history that is full", "[metadata]") {
  Pool made;
  made.pool.set_history(2);
  Chunk* chunks[5];
  for (Size index = 0; index < 5; ++index) chunks[index] = made.make_used(index);
  CHECK(made.pool.retire(chunks[0]) == nullptr);
  CHECK(made.pool.retire(chunks[3]) == nullptr);
  CHECK(made.pool.retire(chunks[1]) == chunks[0]);
  CHECK(made.pool.retire(chunks[2]) == chunks[3]);
  made.pool.discard(chunks[0]);
  CHECK(made.make(9) == chunks[0]);
  CHECK(made.pool.retire(chunks[4]) == chunks[1]);
}

TEST_CASE("a history of nothing keeps the last chunk alone", "[metadata]") {
  Pool made;
  made.pool.set_history(0);
  Chunk* const first = made.make_used(0);
  Chunk* const second = made.make_used(1);
  CHECK(made.pool.retire(first) == nullptr);
  CHECK(made.pool.retire(second) == first);
}

TEST_CASE("history counts records, not chunks", "[metadata]") {
  Pool made;
  made.pool.set_history(metadata::kPagesPerChunk / 2);
  Chunk* const full = made.make(0);
  for (Size slot = 0; slot < metadata::kPagesPerChunk / 2; ++slot) {
    full->publish(live_block(in_chunk(0, slot * 2 * kPageSize), 16, 1));
  }
  CHECK(made.pool.retire(full) == nullptr);
  CHECK(made.pool.retire(made.make_used(1)) == full);
  for (Size index = 2; index < 50; ++index) CHECK(made.pool.retire(made.make_used(index)) == nullptr);
}

TEST_CASE("without memory no chunk is made, until one is given back", "[metadata]") {
  Pool made(Size{1} << 20);
  Chunk* last = nullptr;
  Size count = 0;
  for (Chunk* chunk = made.make(0); chunk != nullptr; chunk = made.make(0)) {
    last = chunk;
    REQUIRE(++count < 1000);
  }
  REQUIRE(last != nullptr);
  made.pool.discard(last);
  CHECK(made.make(1) == last);
}

TEST_CASE("threads make and discard chunks at once", "[metadata]") {
  Pool made;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (Size id = 0; id < 4; ++id) {
    threads.emplace_back([&, id] {
      for (int turn = 0; turn < 2000; ++turn) {
        Chunk* const chunk = made.make(id, Layout::mixed);
        if (chunk == nullptr || !chunk->records().empty()) {
          ++wrong;
          continue;
        }
        chunk->publish(live_block(in_chunk(id), id + 1, 1));
        if (chunk->records()[0].size != id + 1 || chunk->range().begin != in_chunk(id)) ++wrong;
        made.pool.discard(chunk);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(made.storage->used() < Size{1} << 20);
}

TEST_CASE("the oldest chunk falls out of the history whatever its lane", "[metadata]") {
  Pool made;
  made.pool.set_history(2);
  Chunk* chunks[6];
  for (Size index = 0; index < 6; ++index) {
    chunks[index] =
        made.pool.make({in_chunk(index), in_chunk(index + 1)}, Layout::uniform, static_cast<std::uint8_t>(index % 3));
    chunks[index]->publish(live_block(in_chunk(index), 16, 1));
  }
  CHECK(made.pool.retire(chunks[2]) == nullptr);
  CHECK(made.pool.retire(chunks[0]) == nullptr);
  CHECK(made.pool.retire(chunks[1]) == chunks[2]);
  CHECK(made.pool.retire(chunks[5]) == chunks[0]);
  CHECK(made.pool.retire(chunks[3]) == chunks[1]);
}

TEST_CASE("a lane can take its oldest chunk out of the history", "[metadata]") {
  Pool made;
  Chunk* const first = made.make_used(0);
  Chunk* const second = made.make_used(1);
  CHECK(made.pool.expire_oldest(1) == nullptr);
  CHECK(made.pool.retire(first) == nullptr);
  CHECK(made.pool.retire(second) == nullptr);
  CHECK(made.pool.expire_oldest(0) == nullptr);
  CHECK(made.pool.expire_oldest(1) == first);
  CHECK(made.pool.expire_oldest(1) == second);
  CHECK(made.pool.expire_oldest(1) == nullptr);
  CHECK(made.pool.retire(first) == nullptr);
  CHECK(made.pool.expire_oldest(1) == first);
}

namespace {

constexpr Size kSlots = metadata::kPagesPerChunk / 2;

Address block_in(Size index, Size slot) { return in_chunk(index, slot * 2 * kPageSize); }

/// A chunk full of blocks, the first `alive` of which live.
Chunk* make_full(Pool& made, Size index, Size alive) {
  Chunk* const chunk = made.make(index);
  for (Size slot = 0; slot < kSlots; ++slot) {
    record::BlockRecord block = live_block(block_in(index, slot), 16, 1);
    if (slot >= alive) block.state = record::BlockState::freed;
    chunk->publish(block);
    if (slot < alive) chunk->add_user();
  }
  return chunk;
}

/// Such a chunk that nobody takes slots from any more; tells what falls out of the history for it.
Chunk* use_up(Pool& made, Size index, Size alive, Chunk*& expired) {
  Chunk* const chunk = make_full(made, index, alive);
  expired = made.pool.use_up(chunk);
  static_cast<void>(chunk->drop_user());
  return chunk;
}

}  // namespace

TEST_CASE("used-up chunks of which little is alive are condensed, the oldest first", "[metadata]") {
  Pool made;
  made.pool.set_history(2 * kSlots);
  Chunk* expired = nullptr;
  Chunk* const first = use_up(made, 0, 3, expired);
  Chunk* const second = use_up(made, 1, 3, expired);
  CHECK_FALSE((first->is_condensed() || second->is_condensed()));
  Chunk* const third = use_up(made, 2, 3, expired);
  CHECK(first->is_condensed());
  CHECK(first->records().size() == 3);
  CHECK_FALSE((second->is_condensed() || third->is_condensed()));
  CHECK(expired == nullptr);
}

TEST_CASE("condensing keeps the memory of many survivors among the dead small", "[metadata]") {
  Pool made;
  made.pool.set_history(2 * kSlots);
  Chunk* expired = nullptr;
  Size index = 0;
  for (; index < 10; ++index) use_up(made, index, 2, expired);
  const Size before = made.storage->used();
  for (; index < 110; ++index) use_up(made, index, 2, expired);
  CHECK(made.storage->used() - before < 100 * (sizeof(Chunk) + 6 * sizeof(record::BlockRecord)));
}

TEST_CASE("chunks of which much is alive are passed over, and come round again", "[metadata]") {
  Pool made;
  made.pool.set_history(kSlots);
  Chunk* expired = nullptr;
  Chunk* const crowded = use_up(made, 0, kSlots / 2, expired);
  Chunk* const sparse = use_up(made, 1, 1, expired);
  Chunk* const next = use_up(made, 2, 1, expired);
  CHECK_FALSE(crowded->is_condensed());
  CHECK(sparse->is_condensed());
  for (Size slot = 1; slot < kSlots / 2; ++slot) {
    crowded->find_block(block_in(0, slot))->state = record::BlockState::freed;
    static_cast<void>(crowded->drop_user());
  }
  use_up(made, 3, 1, expired);
  use_up(made, 4, 1, expired);
  CHECK(next->is_condensed());
  CHECK(crowded->is_condensed());
}

TEST_CASE("what died first expires first, whether all of its chunk is dead or not", "[metadata]") {
  Pool made;
  made.pool.set_history(kSlots);
  Chunk* const dead = make_full(made, 0, 0);
  static_cast<void>(dead->drop_user());
  CHECK(made.pool.retire(dead) == nullptr);
  Chunk* expired = nullptr;
  Chunk* const used_up = use_up(made, 1, 1, expired);
  CHECK(expired == dead);
  CHECK(dead->next == nullptr);
  made.pool.discard(dead);
  CHECK_FALSE(used_up->is_condensed());
  use_up(made, 2, 1, expired);
  CHECK(expired == nullptr);
  CHECK(used_up->is_condensed());
}

TEST_CASE("several chunks can fall out of the history at once", "[metadata]") {
  Pool made;
  made.pool.set_history(kSlots);
  for (Size index = 0; index < 10; ++index) CHECK(made.pool.retire(made.make_used(index)) == nullptr);
  Chunk* expired = nullptr;
  use_up(made, 20, 1, expired);
  Size count = 0;
  for (; expired != nullptr; expired = expired->next) ++count;
  CHECK(count == 10);
}

TEST_CASE("a condensed chunk joins the history when its last block is dead", "[metadata]") {
  Pool made;
  made.pool.set_history(kSlots);
  Chunk* expired = nullptr;
  Chunk* const first = use_up(made, 0, 1, expired);
  use_up(made, 1, 1, expired);
  REQUIRE(first->is_condensed());
  first->find_block(block_in(0, 0))->state = record::BlockState::freed;
  REQUIRE(first->drop_user());
  CHECK(made.pool.retire(first) == nullptr);
  CHECK(made.pool.expire_oldest(1) == first);
  made.pool.discard(first);
  Chunk* const again = made.make(7);
  CHECK(again == first);
  CHECK_FALSE(again->is_condensed());
  CHECK(again->records().empty());
}

TEST_CASE("the more was alive at once, the longer is the history", "[metadata]") {
  Pool made;
  metadata::LiveCount count;
  metadata::LiveDelta delta;
  made.pool.set_history(kSlots, &count);
  constexpr std::int64_t kPeak = 2 * kSlots;
  delta.born(count, kPeak);
  delta.died(count, kPeak);
  delta.tell(count);
  Chunk* expired = nullptr;
  Chunk* const first = use_up(made, 0, 1, expired);
  for (Size index = 1; index < ChunkPool::kHistoryPerLive * 2; ++index) use_up(made, index, 1, expired);
  CHECK_FALSE(first->is_condensed());
  use_up(made, 100, 1, expired);
  CHECK(first->is_condensed());
}

TEST_CASE("blocks alive are no history", "[metadata]") {
  Pool made;
  metadata::LiveCount count;
  metadata::LiveDelta delta;
  made.pool.set_history(1, &count);
  Chunk* expired = nullptr;
  Chunk* const dead = make_full(made, 0, 0);
  static_cast<void>(dead->drop_user());
  for (Size index = 1; index < 10; ++index) {
    delta.born(count, kSlots);
    delta.tell(count);
    use_up(made, index, kSlots, expired);
    CHECK(expired == nullptr);
  }
  CHECK(made.pool.retire(dead) == nullptr);
}

TEST_CASE("blocks that come after a chunk was used up, in slots that were open, are counted as well", "[metadata]") {
  Pool made;
  made.pool.set_history(kSlots);
  Chunk* const chunk = made.make_used(0);
  chunk->add_user();
  CHECK(made.pool.use_up(chunk) == nullptr);
  for (Size slot = 1; slot < kSlots; ++slot) chunk->publish(live_block(block_in(0, slot), 16, 1));
  static_cast<void>(chunk->drop_user());
  static_cast<void>(chunk->drop_user());
  CHECK(made.pool.retire(chunk) == nullptr);
  CHECK(made.pool.expire_oldest(1) == chunk);
  // Nothing is left of it: a history that is just full stays.
  Chunk* const next = make_full(made, 1, 0);
  CHECK(made.pool.retire(next) == nullptr);
  CHECK(made.pool.expire_oldest(1) == next);
}

TEST_CASE("while condensing pauses all records stay where they are", "[metadata]") {
  Pool made;
  made.pool.set_history(0);
  Chunk* expired = nullptr;
  made.pool.pause_condensing();
  Chunk* const first = use_up(made, 0, 1, expired);
  use_up(made, 1, 1, expired);
  CHECK_FALSE(first->is_condensed());
  made.pool.resume_condensing();
  for (Size index = 2; index < 5; ++index) use_up(made, index, 1, expired);
  CHECK(first->is_condensed());
}

TEST_CASE("no memory for a small array leaves the large one", "[metadata]") {
  Pool made(Size{64} << 10);
  made.pool.set_history(0);
  Chunk* expired = nullptr;
  Chunk* const first = use_up(made, 0, 1, expired);
  while (made.make(1, Layout::single) != nullptr) continue;
  CHECK(made.pool.use_up(first) == nullptr);
  CHECK_FALSE(first->is_condensed());
  CHECK(first->find_block(block_in(0, 0)) != nullptr);
}
