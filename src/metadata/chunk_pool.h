// The memory of chunks: taken from the arena of records, and given back when their history expires.
#pragma once

#include "base/range.h"
#include "metadata/chunk.h"
#include "metadata/page_arena.h"
#include "os/mutex.h"

namespace fencepost::metadata {

/// Makes chunks, and keeps those whose slots are all dead in a first-in-first-out history, until they are more
/// than it may hold: then their memory serves new chunks. Context: malloc, any thread.
class ChunkPool {
 public:
  constexpr explicit ChunkPool(PageArena& storage) : storage_(storage) {}

  /// Records of dead blocks kept in retired chunks.
  void set_history(Size records) { history_limit_ = records; }

  /// A chunk for `range`, or null if there is no memory.
  [[nodiscard]] Chunk* make(Range range, Layout layout, std::uint8_t lane);

  /// Takes a chunk back that never was published.
  void discard(Chunk* chunk);

  /// Puts a chunk at the end of the history, and returns the chunk that fell out of it, or null. Nobody may
  /// find that one by address any more when it is discarded.
  [[nodiscard]] Chunk* retire(Chunk* chunk);

  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }
  void reset_in_child() { mutex_.reset(); }

 private:
  PageArena& storage_;
  os::Mutex mutex_;
  Chunk* free_[kLayouts] = {};
  Chunk* oldest_ = nullptr;
  Chunk* newest_ = nullptr;
  Size history_ = 0;
  Size history_limit_ = ~Size{0};
};

}  // namespace fencepost::metadata
