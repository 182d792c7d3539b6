// A part of the heap with an engine of its own.
#pragma once

#include "fence/any_fence.h"
#include "heap/budget.h"
#include "heap/slot_allocator.h"

namespace fencepost::heap {

/// One-page blocks, blocks of a few pages and large ones are best served by different engines: each has its
/// share of the arena, and a block that one lane refuses goes to the next.
struct Lane {
  fence::AnyFence fence;
  SlotAllocator slots;
  Budget budget;          ///< of live slots, if each costs mappings
  bool bounded = false;   ///< whether `budget` is to be asked
  Size fewest_pages = 0;  ///< data pages of a block that it serves
  Size most_pages = ~Size{0};
  Size most_alignment = ~Size{0};

  constexpr Lane(metadata::ChunkTable& chunks, metadata::ChunkPool& pool, std::uint8_t number)
      : slots(chunks, pool, number) {}

  [[nodiscard]] bool serves(const Placement& placement) const {
    return fence.exists() && placement.data_pages >= fewest_pages && placement.data_pages <= most_pages &&
           placement.slot_alignment() <= most_alignment;
  }
};

inline constexpr Size kLanes = 3;

}  // namespace fencepost::heap
