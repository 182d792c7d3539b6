// The memory of chunks: taken from the arena of records, and given back when their history expires.
#pragma once

#include "base/range.h"
#include "metadata/chunk.h"
#include "metadata/page_arena.h"
#include "os/mutex.h"

namespace fencepost::metadata {

/// Lanes are numbered below this.
inline constexpr Size kMostLanes = 8;

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
  /// find that one by address any more when it is discarded; whoever found it before may still read it: its memory
  /// remains that of a chunk of the same layout.
  [[nodiscard]] Chunk* retire(Chunk* chunk);

  /// Takes the oldest chunk of a lane out of the history, or returns null. It is to be discarded likewise.
  [[nodiscard]] Chunk* expire_oldest(std::uint8_t lane);

  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }
  void reset_in_child() { mutex_.reset(); }

 private:
  PageArena& storage_;
  os::Mutex mutex_;
  Chunk* free_[kLayouts] = {};
  /// First in, first out; one for each lane.
  struct History {
    Chunk* oldest = nullptr;
    Chunk* newest = nullptr;
  };

  [[nodiscard]] Chunk* take_oldest(History& history);

  History histories_[kMostLanes];
  std::uint64_t last_turn_ = 0;
  Size history_ = 0;  ///< records
  Size history_limit_ = ~Size{0};
};

}  // namespace fencepost::metadata
