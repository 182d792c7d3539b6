// What dead chunks leave behind: page tables to give back, and address space to use again.
#pragma once

#include <algorithm>
#include <atomic>
#include <span>

#include "base/range.h"
#include "base/types.h"
#include "metadata/chunk_pool.h"
#include "metadata/chunk_table.h"
#include "os/mutex.h"

namespace fencepost::heap {

/// How many chunks to do something for at once, after it was done for `before`: a quarter of that, so that programs
/// whose memory is limited and little see no difference, and from 1 up to `most`.
[[nodiscard]] constexpr Size a_few(Size before, Size most) { return std::clamp<Size>(before / 4, 1, most); }

/// Stretches of retired chunks, each of which costs the process up to two mappings. An estimate: threads that
/// retire neighbours at once may count one too many.
class Islands {
 public:
  /// Whether a chunk with this many retired neighbours may become retired too.
  [[nodiscard]] bool may_grow(int neighbours) const {
    return neighbours > 0 || count_.load(std::memory_order_relaxed) < kMost;
  }
  void grow(int neighbours) { count_.fetch_add(1 - neighbours, std::memory_order_relaxed); }
  /// A chunk with this many retired neighbours is retired no more.
  void shrink(int neighbours) { count_.fetch_sub(1 - neighbours, std::memory_order_relaxed); }

 private:
  static constexpr std::int64_t kMost = 4096;
  std::atomic<std::int64_t> count_{0};
};

/// The dead chunks of one lane. Context: malloc, any thread.
class DeadSpace {
 public:
  constexpr DeadSpace(metadata::ChunkTable& chunks, metadata::ChunkPool& pool, std::uint8_t lane)
      : chunks_(chunks), pool_(pool), lane_(lane) {}

  /// `arena`: where the lane's chunks lie. Once, before any other call.
  void start(Range arena) { arena_ = arena; }

  /// Gives the page tables of a dead chunk back, as a closed mapping that merges with those of its neighbours,
  /// and makes the chunk history. What the kernel refuses stays as it is: fenced. Chunks of many blocks wait for a few
  /// others: each call tells the processors of all threads, and mostly they are neighbours.
  void retire(metadata::Chunk* chunk);

  /// All slots of a chunk were taken: it is history as far as it is dead. Its owner keeps no users for more, and
  /// releases it afterwards.
  void use_up(metadata::Chunk* chunk) { expire(pool_.use_up(chunk)); }

  /// Retires those that wait.
  void retire_waiting();

  /// Whole chunks of address space in `used`, `bytes` long, that belonged to dead blocks, those that are dead for
  /// longest first; their history is lost. They are closed, as if never used. Empty if there are none.
  [[nodiscard]] Range take(Range used, Size bytes);
  /// Nothing came of it.
  void put_back(Range range);

  /// How often `take` found some.
  [[nodiscard]] Size taken() const { return taken_.load(std::memory_order_relaxed); }

  void lock_for_fork() {
    mutex_.lock();
    waiting_mutex_.lock();
  }
  void unlock_after_fork() {
    waiting_mutex_.unlock();
    mutex_.unlock();
  }
  void reset_in_child() {
    waiting_mutex_.reset();
    mutex_.reset();
  }

 private:
  static constexpr Size kTogether = 8;
  /// Chunks that are dead and not retired yet.
  struct Waiting {
    metadata::Chunk* chunks[kTogether] = {};
    Size count = 0;
  };

  void retire_all(Waiting dead);
  void close(std::span<metadata::Chunk* const> neighbours);
  void expire(metadata::Chunk* first);
  [[nodiscard]] Range find(Range used, Size count);
  void forget(Range range);
  [[nodiscard]] int neighbours_retired(Range range) const;

  metadata::ChunkTable& chunks_;
  metadata::ChunkPool& pool_;
  os::Mutex mutex_;  ///< of whoever takes
  os::Mutex waiting_mutex_;
  Waiting waiting_;
  Size retired_ = 0;  ///< chunks of many blocks, so far
  Range arena_;
  Address cursor_ = 0;  ///< the search goes on here
  Islands islands_;
  std::atomic<Size> taken_{0};
  std::uint8_t lane_;
};

}  // namespace fencepost::heap
