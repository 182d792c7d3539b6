// From an address to its chunk.
#pragma once

#include <atomic>

#include "base/range.h"
#include "metadata/chunk.h"
#include "metadata/sparse_pages.h"
#include "record/block_record.h"

namespace fencepost::metadata {

/// One pointer per 2 MiB of the arena. Lock-free to read. Context: malloc; reading: signal.
class ChunkTable {
 public:
  constexpr ChunkTable() = default;

  /// Once, before any other call; false if the table can't be reserved. `arena` begins on a chunk boundary.
  [[nodiscard]] bool cover(Range arena);

  [[nodiscard]] Range arena() const { return arena_; }
  [[nodiscard]] SparsePages& storage() { return storage_; }

  /// Makes `chunk` answer for its whole range. False if there is no memory for the entries.
  [[nodiscard]] bool enter(Chunk* chunk);

  /// Makes whole chunks answer "expired": handed out, dead, and their records gone. `closed`: their address space
  /// was replaced by a closed mapping without page tables.
  void expire(Range chunks, bool closed);
  [[nodiscard]] bool is_expired(Address address) const;

  /// The order in which chunks expired: each one's number is higher than those of the ones before it.
  using Turn = std::uint64_t;
  /// The turn in the middle of those that are expired now, about.
  [[nodiscard]] Turn middle_turn() const;
  /// The first `count` expired chunks in a row in a part of the arena, none of which expired after `latest`;
  /// empty if there are none. Takes time in proportion to the part.
  [[nodiscard]] Range find_expired(Range part, Size count, Turn latest) const;
  /// `count` expired chunks in a row in `part`, among them some of `near`, which is expired; empty if there are none.
  [[nodiscard]] Range find_expired_around(Range near, Range part, Size count) const;
  /// Makes expired chunks answer nothing again, so that others can be entered for them.
  void forget(Range chunks);

  /// True if the chunk that answers for `address` is retired, or was when it expired.
  [[nodiscard]] bool is_retired(Address address) const;

  /// The chunk that answers for `address`, or null: not in the arena, or not handed out yet.
  [[nodiscard]] Chunk* find(Address address) const;

  /// The record whose block begins at exactly `address`, or null.
  [[nodiscard]] record::BlockRecord* find_block(Address address) const;

  /// Calls `each(BlockRecord&)` for every record in use in a part of the arena, in address order, until it
  /// returns false. Parts that were never handed out are long to go through: leave them out. No chunk is condensed
  /// meanwhile.
  template <typename Each>
  void for_each(Range part, Each each) const;

 private:
  friend class HeapView;

  /// The address of a chunk, or the turn in which one expired and two bits (see the source), or 0.
  using Entry = std::atomic<std::uintptr_t>;

  [[nodiscard]] Size index_of(Address address) const { return (address - arena_.begin) >> kChunkShift; }
  [[nodiscard]] Address address_of(Size index) const { return arena_.begin + (index << kChunkShift); }
  [[nodiscard]] Entry& entry(Size index) const { return reinterpret_cast<Entry*>(storage_.range().begin)[index]; }
  [[nodiscard]] std::uintptr_t word(Size index) const {
    return index < entries_ ? entry(index).load(std::memory_order_acquire) : 0;
  }
  [[nodiscard]] Chunk* at(Size index) const;

  Range arena_;
  SparsePages storage_;
  Size entries_ = 0;
  std::atomic<Turn> last_turn_{0};
  std::atomic<Size> expired_{0};  ///< chunks that are expired now
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
