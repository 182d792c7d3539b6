// Chunks in the order in which they came.
#pragma once

#include "metadata/chunk.h"

namespace fencepost::metadata {

/// A chunk is in one list at a time. Context: malloc, under a lock of the owner's.
class ChunkList {
 public:
  [[nodiscard]] Chunk* oldest() const { return oldest_; }
  [[nodiscard]] bool contains(const Chunk* chunk) const { return chunk->list == this; }

  void add(Chunk* chunk, std::uint64_t turn) {
    chunk->list = this;
    chunk->turn = turn;
    chunk->next = nullptr;
    chunk->previous = newest_;
    (newest_ == nullptr ? oldest_ : newest_->next) = chunk;
    newest_ = chunk;
  }

  void remove(Chunk* chunk) {
    (chunk->previous == nullptr ? oldest_ : chunk->previous->next) = chunk->next;
    (chunk->next == nullptr ? newest_ : chunk->next->previous) = chunk->previous;
    chunk->next = chunk->previous = nullptr;
    chunk->list = nullptr;
  }

 private:
  Chunk* oldest_ = nullptr;
  Chunk* newest_ = nullptr;
};

}  // namespace fencepost::metadata
