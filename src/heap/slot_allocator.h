// Fresh address space for slots: never used before, never used again.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "heap/placement.h"
#include "heap/thread_cache.h"
#include "metadata/chunk_table.h"
#include "metadata/page_arena.h"

namespace fencepost::heap {

/// A slot that nobody has yet: address space, and the chunk whose records will describe it.
struct FreshSlot {
  Range data;  ///< then comes the fence page
  metadata::Chunk* chunk = nullptr;

  [[nodiscard]] bool found() const { return chunk != nullptr; }
};

/// Cuts slots from one reservation, front to back: small ones from a chunk that the thread owns, large ones
/// from chunks of their own. The page before every slot is inaccessible: a fence, or space not yet opened.
/// Context: malloc, any thread; no locks.
class SlotAllocator {
 public:
  constexpr SlotAllocator(metadata::ChunkTable& chunks, metadata::PageArena& storage)
      : chunks_(chunks), storage_(storage) {}

  /// Hands out the chunks of `chunks.arena()`. Once, before any other call.
  void start();

  /// Address space for a slot, or one that is not found() when it or the memory for records is used up.
  /// The thread's next `take` gives out the same space again, unless `commit` came between.
  [[nodiscard]] FreshSlot take(const Placement& placement, ThreadCache& cache);

  /// Publishes the block that now lives in the slot, and returns its record.
  record::BlockRecord* commit(const FreshSlot& slot, const record::BlockRecord& block, ThreadCache& cache);

 private:
  /// Larger slots don't share chunks: they would end most of them half used.
  static constexpr Size kLargestShared = metadata::kPagesPerChunk / 4;

  [[nodiscard]] FreshSlot take_shared(const Placement& placement, ThreadCache& cache);
  [[nodiscard]] FreshSlot take_own(const Placement& placement);
  [[nodiscard]] Range take_chunks(Size bytes);
  [[nodiscard]] metadata::Chunk* make_shared_chunk();

  metadata::ChunkTable& chunks_;
  metadata::PageArena& storage_;
  std::atomic<Address> next_{0};
};

}  // namespace fencepost::heap
