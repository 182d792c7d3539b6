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
    std::memset(memory, 0, bytes_of(layout));
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

Chunk* ChunkPool::retire(Chunk* chunk) {
  const os::MutexLock lock(mutex_);
  chunk->next = nullptr;
  (newest_ == nullptr ? oldest_ : newest_->next) = chunk;
  newest_ = chunk;
  history_ += chunk->records().size();
  if (history_ <= history_limit_ || oldest_ == newest_) return nullptr;
  Chunk* const expired = oldest_;
  oldest_ = expired->next;
  history_ -= expired->records().size();
  return expired;
}

}  // namespace fencepost::metadata
