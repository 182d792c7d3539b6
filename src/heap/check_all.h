// Heap::check_all, apart because it reads blocks that other threads may be freeing.
#pragma once

#include <atomic>

#include "heap/heap.h"
#include "os/attempt.h"

namespace fencepost::heap {

template <typename Each>
void Heap::check_all(Each each) {
  if (settings_.fill_slack < 0) return;
  const auto check = [&](record::BlockRecord& block) {
    const std::atomic_ref state(block.state);
    if (state.load(std::memory_order_acquire) != record::BlockState::live) return true;
    record::FaultRecord error;
    bool intact = true;
    // A thread that frees the block meanwhile takes its pages away: then it has been checked there.
    const bool read = os::attempt([&] { intact = slack_is_intact(block, error); });
    if (read && !intact && state.load(std::memory_order_acquire) == record::BlockState::live) each(error);
    return true;
  };
  for (const Lane& lane : lanes_) chunks_.for_each(lane.slots.used(), check);
}

}  // namespace fencepost::heap
