// Heap::check_all, apart because it reads blocks that other threads may be freeing.
#pragma once

#include <atomic>

#include "heap/heap.h"
#include "heap/slack.h"
#include "os/attempt.h"

namespace fencepost::heap {

template <typename Each>
void Heap::check_all(Each each, Mend mend) {
  if (settings_.fill_slack < 0) return;
  const auto check = [&](record::BlockRecord& block) {
    record::FaultRecord error;
    while (is_damaged(block, error)) {
      each(error);
      // What is told first may hide something on the other side of the block.
      if (mend == Mend::no || !os::attempt([&] { slack_.fill(error.damage.changed); })) break;
    }
    return true;
  };
  pool_.pause_condensing();
  for (const Lane& lane : lanes_) chunks_.for_each(lane.slots.used(), check);
  pool_.resume_condensing();
}

inline bool Heap::is_damaged(record::BlockRecord& block, record::FaultRecord& error) const {
  const std::atomic_ref state(block.state);
  if (state.load(std::memory_order_acquire) != record::BlockState::live) return false;
  bool intact = true;
  // A thread that frees the block meanwhile takes its pages away: then it has been checked there.
  const bool read = os::attempt([&] { intact = slack_is_intact(block, error); });
  return read && !intact && state.load(std::memory_order_acquire) == record::BlockState::live;
}

}  // namespace fencepost::heap
