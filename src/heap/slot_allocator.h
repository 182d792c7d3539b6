// Address space for slots: never used before as long as there is some, then that of the longest dead.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "fence/any_fence.h"
#include "heap/dead_space.h"
#include "heap/placement.h"
#include "heap/thread_cache.h"
#include "metadata/chunk_pool.h"
#include "metadata/chunk_table.h"

namespace fencepost::heap {

/// A slot that nobody has yet: address space, and the chunk whose records will describe it.
struct FreshSlot {
  Range data;  ///< then comes the fence page
  metadata::Chunk* chunk = nullptr;

  [[nodiscard]] bool found() const { return chunk != nullptr; }
};

/// Cuts slots from one arena, front to back: small ones from a chunk that the thread owns, large ones from
/// chunks of their own. The page before every slot is inaccessible: a fence, or space not yet opened.
/// Context: malloc, any thread; a lock only for a new chunk.
class SlotAllocator {
 public:
  constexpr SlotAllocator(metadata::ChunkTable& chunks, metadata::ChunkPool& pool, std::uint8_t lane)
      : chunks_(chunks), pool_(pool), dead_(chunks, pool, lane), lane_(lane) {}

  /// Larger slots don't share chunks: they would end most of them half used.
  static constexpr Size kLargestShared = metadata::kPagesPerChunk / 4;
  /// Nor do slots that are aligned to more than this, in bytes.
  static constexpr Size kMostSharedAlignment = metadata::kChunkSize / 4;

  /// Hands out the chunks of `arena`, with slots of `layout`: mixed, or uniform if every `take` is for the same
  /// number of pages. Once, before any other call.
  void start(Range arena, metadata::Layout layout);

  /// The chunks that were handed out so far.
  [[nodiscard]] Range used() const { return {arena_.begin, next_.load(std::memory_order_acquire)}; }

  /// How often address space of dead blocks was used again.
  [[nodiscard]] Size reuses() const { return dead_.taken(); }

  /// Address space for a slot, or one that is not found(): it or the memory for records is used up, or the
  /// engine refused. A slot is a user of its chunk until `release`. The thread's next `take` gives out the
  /// same space again, unless `keep` came between.
  [[nodiscard]] FreshSlot take(const Placement& placement, fence::AnyFence& fence, ThreadCache& cache);

  /// The slot is used: the next one comes after it.
  void keep(const FreshSlot& slot, ThreadCache& cache);

  /// The slot was taken, but nothing came of it; or its block is dead and fenced.
  void release(metadata::Chunk* chunk) {
    if (chunk->drop_user()) dead_.retire(chunk);
  }

  /// The same for neighbouring slots that were kept, but that no block ever had. The last ones that the thread took are
  /// its next ones again.
  void give_back(Range slots, Size count, metadata::Chunk* chunk, ThreadCache& cache);

  void lock_for_fork() { dead_.lock_for_fork(); }
  void unlock_after_fork() { dead_.unlock_after_fork(); }
  void reset_in_child() { dead_.reset_in_child(); }

 private:
  [[nodiscard]] FreshSlot take_shared(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] FreshSlot take_own(const Placement& placement, fence::AnyFence& fence);
  [[nodiscard]] metadata::Chunk* make_chunk(Size bytes, metadata::Layout layout, fence::AnyFence& fence);
  [[nodiscard]] Range take_chunks(Size bytes, fence::AnyFence& fence);
  [[nodiscard]] Range take_fresh(Size bytes);

  metadata::ChunkTable& chunks_;
  metadata::ChunkPool& pool_;
  Range arena_;
  std::atomic<Address> next_{0};
  DeadSpace dead_;
  metadata::Layout layout_ = metadata::Layout::mixed;
  std::uint8_t lane_;
};

}  // namespace fencepost::heap
