#include "metadata/chunk_table.h"

namespace fencepost::metadata {

namespace {

using Entry = std::atomic<Chunk*>;

/// Not a pointer to anything: what stands in the table for an expired chunk.
Chunk* const kExpired = reinterpret_cast<Chunk*>(8);

}  // namespace

bool ChunkTable::cover(Range arena) {
  const Size entries = arena.size() >> kChunkShift;
  if (!storage_.reserve(entries * sizeof(Entry))) return false;
  // Refused in full: cover what there are entries for.
  const Size covered = storage_.range().size() / sizeof(Entry);
  arena_ = {arena.begin, covered < entries ? arena.begin + (covered << kChunkShift) : arena.end};
  return true;
}

bool ChunkTable::enter(Chunk* chunk) {
  const Size first = index_of(chunk->range().begin);
  const Size end = index_of(chunk->range().end - 1) + 1;
  if (!storage_.open_up_to(storage_.range().begin + end * sizeof(Entry))) return false;
  auto* entries = reinterpret_cast<Entry*>(storage_.range().begin);
  for (Size index = first; index < end; ++index) entries[index].store(chunk, std::memory_order_release);
  Size used = used_.load(std::memory_order_relaxed);
  while (used < end && !used_.compare_exchange_weak(used, end, std::memory_order_release)) {
  }
  return true;
}

void ChunkTable::expire(const Chunk& chunk) {
  auto* entries = reinterpret_cast<Entry*>(storage_.range().begin);
  const Size end = index_of(chunk.range().end - 1) + 1;
  for (Size index = index_of(chunk.range().begin); index < end; ++index) {
    entries[index].store(kExpired, std::memory_order_release);
  }
}

Chunk* ChunkTable::entry(Size index) const {
  if (index >= used_.load(std::memory_order_acquire)) return nullptr;
  return reinterpret_cast<const Entry*>(storage_.range().begin)[index].load(std::memory_order_acquire);
}

Chunk* ChunkTable::at(Size index) const {
  Chunk* const chunk = entry(index);
  return chunk == kExpired ? nullptr : chunk;
}

bool ChunkTable::is_expired(Address address) const {
  return arena_.contains(address) && entry(index_of(address)) == kExpired;
}

bool ChunkTable::is_retired(Address address) const {
  if (is_expired(address)) return true;
  const Chunk* const chunk = find(address);
  return chunk != nullptr && chunk->is_retired();
}

Chunk* ChunkTable::find(Address address) const {
  return arena_.contains(address) ? at(index_of(address)) : nullptr;
}

record::BlockRecord* ChunkTable::find_block(Address address) const {
  const Chunk* chunk = find(address);
  if (chunk == nullptr) return nullptr;
  const int index = chunk->index_below(address);
  if (index < 0) return nullptr;
  record::BlockRecord* block = &chunk->records()[static_cast<Size>(index)];
  return block->address == address ? block : nullptr;
}

}  // namespace fencepost::metadata
