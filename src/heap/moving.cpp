// Slots that are fenced by moving their pages, and those where the pages wait.
#include <cstring>

#include "heap/heap.h"

namespace fencepost::heap {

FreshSlot Heap::take_ready(const Placement& placement, ThreadCache& cache) {
  ReadySlots& ready = cache.ready[placement.data_pages - 1];
  if (ready.empty()) return {};
  cache.ready_pages.died(ready_pages_, static_cast<std::int64_t>(placement.data_pages));
  const Address begin = ready.pop();
  return {{begin, begin + placement.data_pages * kPageSize}, chunks_.find(begin)};
}

/// A page that waits spares the next block of its size two thirds of the system calls, but it is memory that
/// the program gave back: more than a few wait only while all together are no more than blocks held before,
/// and what waits is a small share of that.
bool Heap::may_keep_ready(const ReadySlots& ready) const {
  constexpr std::int64_t kShare = 8;
  if (ready.full()) return false;
  if (ready.few()) return true;
  const std::int64_t waiting = ready_pages_.now(), peak = live_pages_.peak();
  return waiting < peak / kShare && waiting + live_pages_.now() < peak;
}

/// Takes the pages along to the thread's next slot, full of the pattern again. False if the engine does not
/// work that way, or has slots enough, or can't do it for these pages.
bool Heap::move_to_fresh_slot(Lane& lane, const record::BlockRecord& block, bool intact, ThreadCache& cache) {
  if (!lane.fence.capabilities().moves_pages) return false;
  ReadySlots& ready = cache.ready[block.data_pages - 1];
  if (!may_keep_ready(ready)) return false;
  const FreshSlot fresh = lane.slots.take({.data_pages = block.data_pages}, lane.fence, cache);
  if (!fresh.found()) return false;
  const Range soiled = intact ? block.bytes() : block.data();
  std::memset(reinterpret_cast<void*>(soiled.begin), pattern(), soiled.size());
  if (!lane.fence.move(block.data(), fresh.data)) {
    lane.slots.release(fresh.chunk);
    return false;
  }
  lane.slots.keep(fresh, cache);
  ready.push(fresh.data.begin);
  cache.ready_pages.born(ready_pages_, block.data_pages);
  return true;
}

void Heap::trim(ThreadCache& cache) {
  for (Size lane = 0; lane < kMovingLanes; ++lane) {
    ReadySlots& ready = cache.ready[lane];
    while (!ready.few()) {
      const ReadySlots::Run run = ready.pop_run();
      const Address end = run.begin + run.count * ready.stride();
      static_cast<void>(lanes_[lane].fence.fence({run.begin, end - kPageSize}));
      for (Address slot = run.begin; slot < end; slot += ready.stride()) {
        lanes_[lane].slots.release(chunks_.find(slot));
      }
      cache.ready_pages.died(ready_pages_, static_cast<std::int64_t>(run.count * (lane + 1)));
    }
  }
}

}  // namespace fencepost::heap
