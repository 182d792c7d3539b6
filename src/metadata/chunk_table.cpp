#include "metadata/chunk_table.h"

#include <algorithm>

namespace fencepost::metadata {

namespace {

// What stands in the table for an expired chunk. Chunks are aligned to more than these bits.
constexpr std::uintptr_t kExpired = 1;
constexpr std::uintptr_t kClosed = 2;
constexpr unsigned kTurnShift = 2;

bool is_expired_word(std::uintptr_t word) { return (word & kExpired) != 0; }

}  // namespace

bool ChunkTable::cover(Range arena) {
  const Size wanted = arena.size() >> kChunkShift;
  if (!storage_.reserve(wanted * sizeof(Entry))) return false;
  // Refused in full: cover what there are entries for.
  entries_ = std::min(wanted, storage_.range().size() / sizeof(Entry));
  arena_ = {arena.begin, arena.begin + (entries_ << kChunkShift)};
  return true;
}

bool ChunkTable::enter(Chunk* chunk) {
  const Size first = index_of(chunk->range().begin);
  const Size end = index_of(chunk->range().end - 1) + 1;
  const Address table = storage_.range().begin;
  if (!storage_.open({table + first * sizeof(Entry), table + end * sizeof(Entry)})) return false;
  for (Size index = first; index < end; ++index) {
    entry(index).store(reinterpret_cast<std::uintptr_t>(chunk), std::memory_order_release);
  }
  return true;
}

void ChunkTable::expire(Range chunks, bool closed) {
  const Size first = index_of(chunks.begin);
  const Size end = index_of(chunks.end - 1) + 1;
  const Turn turn = last_turn_.fetch_add(end - first, std::memory_order_relaxed) + (end - first);
  const std::uintptr_t word = turn << kTurnShift | (closed ? kClosed : 0) | kExpired;
  for (Size index = first; index < end; ++index) entry(index).store(word, std::memory_order_release);
  expired_.fetch_add(end - first, std::memory_order_relaxed);
}

void ChunkTable::forget(Range chunks) {
  const Size first = index_of(chunks.begin);
  const Size end = index_of(chunks.end - 1) + 1;
  for (Size index = first; index < end; ++index) entry(index).store(0, std::memory_order_release);
  expired_.fetch_sub(end - first, std::memory_order_relaxed);
}

ChunkTable::Turn ChunkTable::middle_turn() const {
  return last_turn_.load(std::memory_order_relaxed) - expired_.load(std::memory_order_relaxed) / 2;
}

Range ChunkTable::find_expired(Range part, Size count, Turn latest) const {
  if (part.empty() || expired_.load(std::memory_order_relaxed) < count) return {};
  const Size end = index_of(part.end - 1) + 1;
  Size in_a_row = 0;
  for (Size index = index_of(part.begin); index < end; ++index) {
    const std::uintptr_t here = word(index);
    in_a_row = is_expired_word(here) && here >> kTurnShift <= latest ? in_a_row + 1 : 0;
    if (in_a_row == count) return {address_of(index + 1 - count), address_of(index + 1)};
  }
  return {};
}

Range ChunkTable::find_expired_around(Range near, Range part, Size count) const {
  Size first = index_of(near.begin);
  Size end = index_of(near.end - 1) + 1;
  while (end - first < count && first > index_of(part.begin) && is_expired_word(word(first - 1))) --first;
  while (end - first < count && address_of(end) < part.end && is_expired_word(word(end))) ++end;
  if (end - first < count) return {};
  return {address_of(first), address_of(first + count)};
}

Chunk* ChunkTable::at(Size index) const {
  const std::uintptr_t here = word(index);
  return is_expired_word(here) ? nullptr : reinterpret_cast<Chunk*>(here);
}

bool ChunkTable::is_expired(Address address) const {
  return arena_.contains(address) && is_expired_word(word(index_of(address)));
}

bool ChunkTable::is_retired(Address address) const {
  if (!arena_.contains(address)) return false;
  const std::uintptr_t here = word(index_of(address));
  if (is_expired_word(here)) return (here & kClosed) != 0;
  return here != 0 && reinterpret_cast<const Chunk*>(here)->is_retired();
}

Chunk* ChunkTable::find(Address address) const { return arena_.contains(address) ? at(index_of(address)) : nullptr; }

record::BlockRecord* ChunkTable::find_block(Address address) const {
  const Chunk* const chunk = find(address);
  return chunk == nullptr ? nullptr : chunk->find_block(address);
}

}  // namespace fencepost::metadata
