// Fencing what fence=batch has put off.
#include <utility>

#include "heap/heap.h"
#include "heap/slack.h"
#include "os/process.h"

namespace fencepost::heap {

using record::BlockRecord;

/// Whether a block may wait: poison is checked byte by byte, so only small ones.
bool Heap::may_wait(const Lane& lane, const BlockRecord& block) const {
  constexpr Size kMostPages = 4;
  return settings_.batch && lane.fence.capabilities().fences_in_batches && block.data_pages >= 1 &&
         block.data_pages <= kMostPages;
}

void Heap::put_off(metadata::Chunk* chunk, BlockRecord& block, ThreadCache& cache) {
  if (settings_.fill_free >= 0) fill_poison(block, poison_);
  std::atomic_ref(block.state).store(record::BlockState::freed, std::memory_order_release);
  cache.settle_now = cache.pending.add({&block, chunk}, os::coarse_milliseconds()) || cache.settle_now;
}

bool Heap::take_due_settling(ThreadCache& cache) {
  return std::exchange(cache.settle_now, false) || cache.pending.overdue(os::coarse_milliseconds());
}

bool Heap::settle(ThreadCache& cache, record::FaultRecord& error) {
  PendingFree taken[PendingFrees::kCapacity];
  const Size count = cache.pending.take(taken);
  bool intact = true;
  Range ranges[kFences][PendingFrees::kCapacity];
  Size counts[kFences] = {};
  for (Size i = 0; i < count; ++i) {
    const Size by = fence_of(taken[i].chunk->lane());
    ranges[by][counts[by]++] = taken[i].block->data();
    if (intact) intact = poison_is_intact(*taken[i].block, error);
  }
  for (Size by = 0; by < kFences; ++by) {
    if (counts[by] > 0) static_cast<void>(fences_[by].fence_many({ranges[by], counts[by]}));
  }
  for (Size i = 0; i < count; ++i) lanes_[taken[i].chunk->lane()].slots.release(taken[i].chunk);
  return intact;
}

bool Heap::poison_is_intact(const BlockRecord& block, record::FaultRecord& error) const {
  if (settings_.fill_free < 0 || heap::poison_is_intact(block, poison_)) return true;
  error = changed(record::Event::changed_poison, block, poison_damage(block, poison_));
  return false;
}

}  // namespace fencepost::heap
