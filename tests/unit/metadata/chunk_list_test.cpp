#include "metadata/chunk_list.h"

#include <catch2/catch.hpp>
#include <vector>

#include "metadata/invented_arena.h"

using namespace fencepost;
using metadata::Chunk;
using metadata::ChunkList;
using test::in_chunk;

namespace {

Chunk chunk_at(Size index) {
  return Chunk({in_chunk(index), in_chunk(index + 1)}, metadata::Layout::uniform, 0, nullptr, nullptr);
}

std::vector<const Chunk*> all_of(const ChunkList& list) {
  std::vector<const Chunk*> chunks;
  for (const Chunk* chunk = list.oldest(); chunk != nullptr; chunk = chunk->next) chunks.push_back(chunk);
  return chunks;
}

}  // namespace

TEST_CASE("chunks are listed in the order in which they came", "[metadata]") {
  Chunk first = chunk_at(0), second = chunk_at(1), third = chunk_at(2);
  ChunkList list;
  CHECK(list.oldest() == nullptr);
  CHECK_FALSE(list.contains(&first));
  list.add(&second, 1);
  list.add(&first, 2);
  list.add(&third, 3);
  CHECK(all_of(list) == std::vector<const Chunk*>{&second, &first, &third});
  CHECK(list.contains(&first));
  CHECK(third.turn == 3);
}

TEST_CASE("a chunk can be taken out of a list wherever it is, and come again", "[metadata]") {
  for (const Size out : {Size{0}, Size{1}, Size{2}}) {
    Chunk chunks[] = {chunk_at(0), chunk_at(1), chunk_at(2)};
    ChunkList list;
    for (Chunk& chunk : chunks) list.add(&chunk, 0);
    list.remove(&chunks[out]);
    CHECK_FALSE(list.contains(&chunks[out]));
    CHECK(all_of(list).size() == 2);
    list.add(&chunks[out], 9);
    CHECK(all_of(list).size() == 3);
    CHECK(all_of(list).back() == &chunks[out]);
    for (Chunk& chunk : chunks) list.remove(&chunk);
    CHECK(list.oldest() == nullptr);
  }
}

TEST_CASE("a list does not contain what is in another", "[metadata]") {
  Chunk chunk = chunk_at(0);
  ChunkList one, other;
  one.add(&chunk, 1);
  CHECK(one.contains(&chunk));
  CHECK_FALSE(other.contains(&chunk));
}
