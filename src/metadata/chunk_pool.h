// The memory of chunks: taken from the arena of records, and given back when their history expires.
#pragma once

#include <atomic>

#include "base/range.h"
#include "metadata/chunk.h"
#include "metadata/chunk_list.h"
#include "metadata/live_count.h"
#include "metadata/page_arena.h"
#include "metadata/record_arrays.h"
#include "os/mutex.h"

namespace fencepost::metadata {

/// Lanes are numbered below this.
inline constexpr Size kMostLanes = 8;

/// Makes chunks, and keeps the records of dead blocks, first in, first out, until they are more than it may keep. Then
/// the memory of chunks whose slots are all dead serves new ones, and those of which little is alive are condensed.
/// Context: malloc, any thread.
class ChunkPool {
 public:
  constexpr explicit ChunkPool(PageArena& storage) : storage_(storage), arrays_(storage) {}

  /// Records of dead blocks that are kept: `least`, or kHistoryPerLive for each block that `live` has counted at once
  /// if that is more. None if `least` is 0.
  void set_history(Size least, const LiveCount* live = nullptr) {
    least_ = least;
    live_ = live;
  }
  static constexpr Size kHistoryPerLive = 4;

  /// A chunk for `range`, or null if there is no memory.
  [[nodiscard]] Chunk* make(Range range, Layout layout, std::uint8_t lane);

  /// Takes a chunk back that never was published, or that was returned by one of the following.
  void discard(Chunk* chunk);

  /// All slots of a uniform chunk were taken: its dead ones are history from now on, though others live. Returns what
  /// falls out of the history for it, as `retire` does.
  [[nodiscard]] Chunk* use_up(Chunk* chunk);

  /// Puts a chunk at the end of the history, and returns the chunks that fell out of it, by `next`. Nobody may
  /// find those by address any more when they are discarded; whoever found one before may still read it: its memory
  /// remains that of a chunk of the same layout.
  [[nodiscard]] Chunk* retire(Chunk* chunk);

  /// Takes the oldest chunk of a lane out of the history, or returns null. It is to be discarded likewise.
  [[nodiscard]] Chunk* expire_oldest(std::uint8_t lane);

  /// From here to `resume` no chunk is condensed: all records stay where they are. They may be nested.
  void pause_condensing();
  void resume_condensing() { pauses_.fetch_sub(1, std::memory_order_release); }
  /// Returns when no record is moving that was before.
  void wait_for_condensing() { const os::MutexLock lock(mutex_); }

  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }
  void reset_in_child() {
    pauses_.store(0, std::memory_order_relaxed);
    mutex_.reset();
  }

 private:
  /// Chunks that are looked at in vain before the others have to wait for the next time.
  static constexpr int kMostInVain = 4;

  [[nodiscard]] bool keeps_too_much() const;
  [[nodiscard]] Chunk* make_room(const Chunk* newest);
  [[nodiscard]] ChunkList* oldest_history(const Chunk* newest);
  [[nodiscard]] bool condense_oldest();
  [[nodiscard]] bool condense(Chunk* chunk);
  void remove(ChunkList& history, Chunk* chunk);

  PageArena& storage_;
  os::Mutex mutex_;
  RecordArrays arrays_;
  Chunk* free_[kLayouts] = {};
  ChunkList dead_[kMostLanes];  ///< retired, by lane
  ChunkList used_up_;           ///< not dead yet, and not condensed
  std::uint64_t last_turn_ = 0;
  Size in_dead_ = 0;       ///< records of those
  Size in_used_up_ = 0;    ///< slots of those: some may be open, and have their blocks later
  Size in_condensed_ = 0;  ///< records of condensed chunks that are not dead yet
  Size least_ = ~Size{0};
  const LiveCount* live_ = nullptr;
  std::atomic<int> pauses_{0};
};

}  // namespace fencepost::metadata
