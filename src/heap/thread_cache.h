// What one thread needs to serve blocks without asking anyone.
#pragma once

#include "base/range.h"
#include "base/types.h"
#include "heap/counter.h"
#include "heap/fence_time.h"
#include "heap/pending_frees.h"
#include "heap/ready_slots.h"
#include "metadata/chunk.h"
#include "metadata/live_count.h"

namespace fencepost::heap {

/// What one thread has done.
struct ThreadCounters {
  Counter guarded;        ///< blocks given out against a fence
  Counter unguarded;      ///< blocks left to the next allocator
  Counter guarded_freed;  ///< of either kind, freed by this thread
  Counter unguarded_freed;
  Counter guarded_bytes;  ///< bytes asked for
  Counter guarded_bytes_freed;
  FenceTime fence_time;
};

/// The chunk that a thread cuts slots from, and the address space for its next ones.
struct ChunkCursor {
  metadata::Chunk* chunk = nullptr;
  Address next = 0;                  ///< the first page of the chunk that no slot has
  std::uint32_t kept_users = 0;      ///< of the chunk, for the next slots: they cost no locked instruction
  bool owns_spans = false;           ///< it takes address space by the span
  Range span;                        ///< what is left of the last one
  Range prepared;                    ///< what of it the engine knows already
  metadata::Chunk* spare = nullptr;  ///< one that the engine refused: the next to try
  Size chunks = 0;                   ///< how many the thread took so far
};

/// Lanes of small slots: of one data page, two, …
inline constexpr Size kSmallLanes = 4;
/// Those, one of slots up to 128 pages, and one of large ones, in the order in which a block tries them.
inline constexpr Size kGuardLane = kSmallLanes, kMappingLane = kGuardLane + 1, kLanes = kMappingLane + 1;

/// Used by one thread at a time. Context: malloc.
struct ThreadCache {
  constexpr ThreadCache() {
    for (Size lane = 0; lane < kSmallLanes; ++lane) ready[lane].set_pages(lane + 1);
  }

  ChunkCursor cursors[kLanes];
  ReadySlots ready[kSmallLanes];
  PendingFrees pending;
  bool settle_now = false;  ///< the pending ones are as many as may be
  /// In a forked child, of a thread that exists only in the parent: it may have been in the middle of taking a
  /// slot, and the space it was cutting from is given up.
  void forget_slots() {
    for (ChunkCursor& cursor : cursors) cursor = {};
    for (ReadySlots& slots : ready) slots.clear();
  }

  metadata::LiveDelta live;        ///< blocks
  metadata::LiveDelta live_pages;  ///< data pages of blocks that do not lie in chunks of their own
  ThreadCounters counters;
};

}  // namespace fencepost::heap
