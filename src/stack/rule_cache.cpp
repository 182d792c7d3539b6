#include "stack/rule_cache.h"

#include <span>

#include "os/pages.h"
#include "stack/unwind_table.h"

namespace fencepost::stack {

bool RuleCache::reserve() {
  const Range memory = os::map_memory(kSets * sizeof(Set));
  sets_ = reinterpret_cast<Set*>(memory.begin);
  return !memory.empty();
}

FrameRule RuleCache::look_up(Address return_address) {
  modules_.learn(return_address);
  const FrameRule rule = find_frame_rule(return_address);
  const Key key = key_of(return_address);
  auto& [first, second] = sets_[key.set].ways;
  second.store(first.load(std::memory_order_relaxed), std::memory_order_relaxed);
  first.store(key.tag << 32 | rule.pack(), std::memory_order_relaxed);
  return rule;
}

void RuleCache::clear() {
  for (Set& set : std::span{sets_, sets_ == nullptr ? 0 : kSets}) {
    for (auto& way : set.ways) {
      // Pages that were never written stay so.
      if (way.load(std::memory_order_relaxed) != 0) way.store(0, std::memory_order_relaxed);
    }
  }
  // Last: a walk that still met an old rule is of the old generation.
  generation_.fetch_add(1, std::memory_order_acq_rel);
}

}  // namespace fencepost::stack
