// Slots that are open before there is a block for them: by moving the pages of freed ones, or several at a time.
#include "heap/heap.h"

namespace fencepost::heap {

FreshSlot Heap::take_ready(const Placement& placement, ThreadCache& cache) {
  ReadySlots& ready = cache.ready[placement.data_pages - 1];
  if (ready.empty()) return {};
  const ReadySlots::Slot slot = ready.pop();
  return {{slot.begin, slot.begin + placement.data_pages * kPageSize}, slot.chunk};
}

/// Makes some slots ready, if the engine can do that. False if there are none now.
bool Heap::open_ahead(Lane& lane, const Placement& placement, ThreadCache& cache) {
  if (!lane.fence.may_open_many()) return false;
  ReadySlots& ready = cache.ready[placement.data_pages - 1];
  Range slots[os::kMostRanges];
  Size count = 0;
  metadata::Chunk* chunk = nullptr;
  for (const Size wanted = ready.next_batch(); count < wanted; ++count) {
    const FreshSlot slot = lane.slots.take(placement, lane.fence, cache);
    if (!slot.found()) break;
    if (chunk != nullptr && slot.chunk != chunk) {
      lane.slots.release(slot.chunk, cache);
      break;
    }
    lane.slots.keep(slot, cache);
    slots[count] = slot.data;
    chunk = slot.chunk;
  }
  if (count == 0) return false;
  if (!lane.fence.open_many({slots, count})) {
    lane.slots.give_back({slots[0].begin, slots[count - 1].end + kPageSize}, count, chunk, cache);
    return false;
  }
  for (Size i = 0; i < count; ++i) ready.push({slots[i].begin, chunk});
  return true;
}

/// Takes the pages along to the thread's next slot, full of the pattern again. False if the engine does not
/// work that way, or has slots enough, or can't do it for these pages.
bool Heap::move_to_fresh_slot(Lane& lane, const record::BlockRecord& block, bool intact, ThreadCache& cache) {
  if (!lane.fence.capabilities().moves_pages) return false;
  ReadySlots& ready = cache.ready[block.data_pages - 1];
  if (ready.full()) return false;
  const FreshSlot fresh = lane.slots.take({.data_pages = block.data_pages}, lane.fence, cache);
  if (!fresh.found()) return false;
  slack_.fill(intact ? block.bytes() : block.data());
  if (!lane.fence.move(block.data(), fresh.data)) {
    lane.slots.release(fresh.chunk, cache);
    return false;
  }
  lane.slots.keep(fresh, cache);
  ready.push({fresh.data.begin, fresh.chunk});
  return true;
}

}  // namespace fencepost::heap
