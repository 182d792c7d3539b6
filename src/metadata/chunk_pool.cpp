#include "metadata/chunk_pool.h"

#include <cstring>
#include <new>

namespace fencepost::metadata {

namespace {

/// One piece: the chunk, its records, its page map if it has one.
constexpr Size bytes_of(Layout layout) {
  const Size map = layout == Layout::mixed ? kPagesPerChunk * sizeof(Chunk::PageEntry) : 0;
  return sizeof(Chunk) + records_of(layout) * sizeof(record::BlockRecord) + map;
}

}  // namespace

Chunk* ChunkPool::make(Range range, Layout layout, std::uint8_t lane) {
  Chunk*& free = free_[static_cast<Size>(layout)];
  void* memory = nullptr;
  {
    const os::MutexLock lock(mutex_);
    if (free != nullptr) {
      memory = free;
      free = free->next;
    }
  }
  if (memory != nullptr) {
    // All but the chunk itself, which others may still be reading: it changes from one whole state to the other.
    std::memset(static_cast<std::byte*>(memory) + sizeof(Chunk), 0, bytes_of(layout) - sizeof(Chunk));
  } else {
    memory = storage_.allocate(bytes_of(layout), alignof(Chunk));
  }
  if (memory == nullptr) return nullptr;
  auto* const records = reinterpret_cast<record::BlockRecord*>(static_cast<Chunk*>(memory) + 1);
  auto* const map = reinterpret_cast<Chunk::PageEntry*>(records + records_of(layout));
  return new (memory) Chunk(range, layout, lane, records, layout == Layout::mixed ? map : nullptr);
}

void ChunkPool::discard(Chunk* chunk) {
  const os::MutexLock lock(mutex_);
  Chunk*& free = free_[static_cast<Size>(chunk->layout())];
  chunk->next = free;
  free = chunk;
}

Chunk* ChunkPool::take_oldest(History& history) {
  Chunk* const oldest = history.oldest;
  if (oldest == nullptr) return nullptr;
  history.oldest = oldest->next;
  if (history.oldest == nullptr) history.newest = nullptr;
  history_ -= oldest->records().size();
  return oldest;
}

Chunk* ChunkPool::retire(Chunk* chunk) {
  const os::MutexLock lock(mutex_);
  History& own = histories_[chunk->lane()];
  chunk->next = nullptr;
  chunk->turn = ++last_turn_;
  (own.newest == nullptr ? own.oldest : own.newest->next) = chunk;
  own.newest = chunk;
  history_ += chunk->records().size();
  if (history_ <= history_limit_) return nullptr;
  History* longest = &own;
  for (History& history : histories_) {
    if (history.oldest != nullptr && history.oldest->turn < longest->oldest->turn) longest = &history;
  }
  return longest->oldest == chunk ? nullptr : take_oldest(*longest);
}

Chunk* ChunkPool::expire_oldest(std::uint8_t lane) {
  const os::MutexLock lock(mutex_);
  return take_oldest(histories_[lane]);
}

}  // namespace fencepost::metadata
