// Fresh address space for slots: never used before, never used again.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "fence/any_fence.h"
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

/// Stretches of retired chunks, each of which costs the process up to two mappings. An estimate: threads that
/// retire neighbours at once may count one too many.
class Islands {
 public:
  /// Whether a chunk with this many retired neighbours may become retired too.
  [[nodiscard]] bool may_grow(int neighbours) const {
    return neighbours > 0 || count_.load(std::memory_order_relaxed) < kMost;
  }
  void grow(int neighbours) { count_.fetch_add(1 - neighbours, std::memory_order_relaxed); }

 private:
  static constexpr std::int64_t kMost = 4096;
  std::atomic<std::int64_t> count_{0};
};

/// Cuts slots from one arena, front to back: small ones from a chunk that the thread owns, large ones from
/// chunks of their own. The page before every slot is inaccessible: a fence, or space not yet opened.
/// Context: malloc, any thread; a lock only for a new chunk.
class SlotAllocator {
 public:
  constexpr SlotAllocator(metadata::ChunkTable& chunks, metadata::ChunkPool& pool, std::uint8_t lane)
      : chunks_(chunks), pool_(pool), lane_(lane) {}

  /// Larger slots don't share chunks: they would end most of them half used.
  static constexpr Size kLargestShared = metadata::kPagesPerChunk / 4;
  /// Nor do slots that are aligned to more than this, in bytes.
  static constexpr Size kMostSharedAlignment = metadata::kChunkSize / 4;

  /// Hands out the chunks of `arena`, with slots of `layout`: mixed, or uniform if every `take` is for the same
  /// number of pages. Once, before any other call.
  void start(Range arena, metadata::Layout layout);

  /// The chunks that were handed out so far.
  [[nodiscard]] Range used() const { return {arena_.begin, next_.load(std::memory_order_acquire)}; }

  /// Address space for a slot, or one that is not found(): it or the memory for records is used up, or the
  /// engine refused. A slot is a user of its chunk until `release`. The thread's next `take` gives out the
  /// same space again, unless `keep` came between.
  [[nodiscard]] FreshSlot take(const Placement& placement, fence::AnyFence& fence, ThreadCache& cache);

  /// The slot is used: the next one comes after it.
  void keep(const FreshSlot& slot, ThreadCache& cache);

  /// The slot was taken, but nothing came of it; or its block is dead and fenced.
  void release(metadata::Chunk* chunk);

 private:
  [[nodiscard]] FreshSlot take_shared(const Placement& placement, fence::AnyFence& fence, ChunkCursor& cursor);
  [[nodiscard]] FreshSlot take_own(const Placement& placement);
  [[nodiscard]] Range take_chunks(Size bytes);
  [[nodiscard]] metadata::Chunk* make_chunk(Range range, metadata::Layout layout);
  void retire(metadata::Chunk* chunk);
  [[nodiscard]] int neighbours_retired(const metadata::Chunk& chunk) const;

  metadata::ChunkTable& chunks_;
  metadata::ChunkPool& pool_;
  Range arena_;
  std::atomic<Address> next_{0};
  Islands islands_;
  metadata::Layout layout_ = metadata::Layout::mixed;
  std::uint8_t lane_;
};

}  // namespace fencepost::heap
