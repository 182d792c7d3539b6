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
  ///
  /// Chunks of uniform slots come in spans, one thread's each, with a gap behind it, so that mappings of different
  /// threads never become one: UFFDIO_MOVE locks all mappings that ever were (their anon_vma) while it waits for the
  /// other processors (Linux up to 6.18, mm/userfaultfd.c), and two threads take 1.7 times as long that way.
  void start(Range arena, metadata::Layout layout);

  /// The chunks that were handed out so far.
  [[nodiscard]] Range used() const { return {arena_.begin, next_.load(std::memory_order_acquire)}; }

  /// How often address space of dead blocks was used again.
  [[nodiscard]] Size reuses() const { return dead_.taken(); }

  /// Address space for a slot, or one that is not found(): it or the memory for records is used up, or the
  /// engine refused. A slot is a user of its chunk until `release`. The thread's next `take` gives out the
  /// same space again, unless `keep` came between.
  [[nodiscard]] FreshSlot take(const Placement& placement, fence::AnyFence& fence, ThreadCache& cache) {
    const bool shared = placement.data_pages <= kLargestShared && placement.slot_alignment() <= kMostSharedAlignment;
    if (!shared) return take_own(placement, fence);
    ChunkCursor& cursor = cache.cursors[lane_];
    const FreshSlot next = cut(placement, cursor);
    return next.found() ? next : cut_from_fresh_chunk(placement, fence, cursor);
  }

  /// The slot is used: the next one comes after it.
  void keep(const FreshSlot& slot, ThreadCache& cache);

  /// The slot was taken, but nothing came of it; or its block is dead and fenced.
  void release(metadata::Chunk* chunk) {
    if (chunk->drop_user()) dead_.retire(chunk);
  }
  /// The same by the thread of `cache`, which keeps a user of its own chunk for the next slot.
  void release(metadata::Chunk* chunk, ThreadCache& cache) {
    ChunkCursor& cursor = cache.cursors[lane_];
    if (chunk == cursor.chunk) {
      ++cursor.kept_users;
    } else {
      release(chunk);
    }
  }

  /// The same for neighbouring slots that were kept, but that no block ever had. The last ones that the thread took are
  /// its next ones again.
  void give_back(Range slots, Size count, metadata::Chunk* chunk, ThreadCache& cache);

  void lock_for_fork() { dead_.lock_for_fork(); }
  void unlock_after_fork() { dead_.unlock_after_fork(); }
  void reset_in_child() {
    owners_.store(1, std::memory_order_relaxed);
    dead_.reset_in_child();
  }

 private:
  /// Threads that have spans; there is no use in more than a few for each processor, and each costs mappings.
  static constexpr Size kMostOwners = 32;
  static constexpr Size kLargestSpan = Size{1} << 30;
  /// Spans are as many times smaller than the arena, so that what their owners don't use is not missed.
  static constexpr Size kLeastSpans = 4 * kMostOwners;

  /// The next slot of the thread's chunk, if there is room for it.
  [[nodiscard]] static FreshSlot cut(const Placement& placement, ChunkCursor& cursor) {
    if (cursor.chunk == nullptr) return {};
    const Address begin = align_up(cursor.next, placement.slot_alignment());
    const Address end = begin + placement.data_pages * kPageSize;
    if (end + kPageSize > cursor.chunk->range().end) return {};
    if (cursor.kept_users > 0) {
      --cursor.kept_users;
    } else {
      cursor.chunk->add_user();
    }
    return {{begin, end}, cursor.chunk};
  }
  [[nodiscard]] FreshSlot cut_from_fresh_chunk(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] bool replace_chunk(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] FreshSlot take_own(const Placement& placement, fence::AnyFence& fence);
  [[nodiscard]] metadata::Chunk* make_chunk(Range range, metadata::Layout layout);
  [[nodiscard]] metadata::Chunk* take_spare_or_make(fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] metadata::Chunk* make_shared_chunk(fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] Range take_chunk(fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] bool may_take_span(ChunkCursor& cursor);
  [[nodiscard]] static bool prepare(Range chunk, fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] Range take_chunks(Size bytes, fence::AnyFence& fence);
  [[nodiscard]] Range take_fresh(Size bytes);

  metadata::ChunkTable& chunks_;
  metadata::ChunkPool& pool_;
  Range arena_;
  std::atomic<Address> next_{0};
  Size span_size_ = 0;  ///< 0: no spans
  std::atomic<Size> owners_{0};
  DeadSpace dead_;
  metadata::Layout layout_ = metadata::Layout::mixed;
  std::uint8_t lane_;
};

}  // namespace fencepost::heap
