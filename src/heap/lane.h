// A part of the heap with an engine of its own.
#pragma once

#include "fence/any_fence.h"
#include "heap/budget.h"
#include "heap/slot_allocator.h"
#include "heap/thread_cache.h"

namespace fencepost::heap {

/// The engines that are at work together, best first, and which one a lane has. Small slots have the best that there
/// is: page_move or guard_region.
inline constexpr Size kSmallFence = 0, kGuardFence = 1, kMappingFence = 2, kFences = 3;
static_assert(kLanes <= metadata::kMostLanes);
[[nodiscard]] constexpr Size fence_of(Size lane) { return lane < kSmallLanes ? kSmallFence : lane - kSmallLanes + 1; }

/// Blocks of few pages, of some and of many are best served by different engines, and slots of equal size can share
/// chunks whose records need no map: each lane has its share of the arena, and a block that one refuses goes to the
/// next.
struct Lane {
  fence::AnyFence& fence;
  SlotAllocator slots;
  Budget budget;         ///< of live slots, if each costs mappings
  bool bounded = false;  ///< whether `budget` is to be asked
  bool works = false;
  Size fewest_pages = 0;  ///< data pages of a block that it serves
  Size most_pages = ~Size{0};
  Size most_alignment = ~Size{0};

  constexpr Lane(fence::AnyFence& engine, metadata::ChunkTable& chunks, metadata::ChunkPool& pool, std::uint8_t number)
      : fence(engine), slots(chunks, pool, number) {}

  /// Its slots are all of one size, and some may be open before there is a block for them.
  [[nodiscard]] bool is_uniform() const { return fewest_pages != 0; }

  [[nodiscard]] bool serves(const Placement& placement) const {
    return works && placement.data_pages >= fewest_pages && placement.data_pages <= most_pages &&
           placement.slot_alignment() <= most_alignment;
  }
};

}  // namespace fencepost::heap
