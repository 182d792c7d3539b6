// From an address to its chunk.
#pragma once

#include <atomic>

#include "base/range.h"
#include "metadata/chunk.h"
#include "metadata/page_arena.h"
#include "record/block_record.h"

namespace fencepost::metadata {

/// One pointer per 2 MiB of the arena. Lock-free to read. Context: malloc; reading: signal.
class ChunkTable {
 public:
  constexpr ChunkTable() = default;

  /// Once, before any other call; false if the table can't be reserved. `arena` begins on a chunk boundary.
  [[nodiscard]] bool cover(Range arena);

  [[nodiscard]] Range arena() const { return arena_; }
  [[nodiscard]] PageArena& storage() { return storage_; }

  /// Makes `chunk` answer for its whole range. False if there is no memory for the entries.
  [[nodiscard]] bool enter(Chunk* chunk);

  /// Makes the whole range of `chunk` answer "expired": handed out, dead, and its records gone.
  void expire(const Chunk& chunk);
  [[nodiscard]] bool is_expired(Address address) const;
  /// True if the chunk that answers for `address` is retired or has expired.
  [[nodiscard]] bool is_retired(Address address) const;

  /// The chunk that answers for `address`, or null: not in the arena, or not handed out yet.
  [[nodiscard]] Chunk* find(Address address) const;

  /// The record whose block begins at exactly `address`, or null.
  [[nodiscard]] record::BlockRecord* find_block(Address address) const;

  /// Calls `each(BlockRecord&)` for every record in use in a part of the arena, in address order, until it
  /// returns false. Parts that were never handed out are long to go through: leave them out.
  template <typename Each>
  void for_each(Range part, Each each) const;

 private:
  friend class HeapView;

  [[nodiscard]] Size index_of(Address address) const { return (address - arena_.begin) >> kChunkShift; }
  [[nodiscard]] Chunk* entry(Size index) const;
  [[nodiscard]] Chunk* at(Size index) const;

  Range arena_;
  PageArena storage_;
  std::atomic<Size> used_{0};  ///< entries from here on were never written
};

template <typename Each>
void ChunkTable::for_each(Range part, Each each) const {
  const Chunk* last = nullptr;
  for (Address address = part.begin; address < part.end; address += kChunkSize) {
    const Chunk* chunk = at(index_of(address));
    if (chunk == nullptr || chunk == last) continue;
    last = chunk;
    for (record::BlockRecord& block : chunk->records()) {
      if (block.state != record::BlockState::unused && !each(block)) return;
    }
  }
}

}  // namespace fencepost::metadata
