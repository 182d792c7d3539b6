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
