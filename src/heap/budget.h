// How many guarded blocks may live at once.
#pragma once

#include <atomic>

#include "base/types.h"

namespace fencepost::heap {

/// A bound on guarded blocks alive, drawn from what the system allows, and lowered when it allows less than
/// it said. Context: malloc, any thread.
class Budget {
 public:
  constexpr Budget() = default;

  void set_limit(Size blocks) { limit_.store(blocks, std::memory_order_relaxed); }
  [[nodiscard]] Size limit() const { return limit_.load(std::memory_order_relaxed); }
  [[nodiscard]] Size live() const { return live_.load(std::memory_order_relaxed); }
  [[nodiscard]] Size peak() const { return peak_.load(std::memory_order_relaxed); }

  /// Room for one more block, taken at once; false if there is none.
  [[nodiscard]] bool take() {
    const Size now = live_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (now > limit()) {
      give_back();
      return false;
    }
    if (now > peak()) peak_.store(now, std::memory_order_relaxed);
    return true;
  }

  void give_back() { live_.fetch_sub(1, std::memory_order_relaxed); }

  /// The kernel refused a block although there was room: leaves the program a quarter of what is in use.
  void shrink() { set_limit(live() - live() / 4); }

 private:
  std::atomic<Size> live_{0};
  std::atomic<Size> peak_{0};
  std::atomic<Size> limit_{~Size{0}};
};

/// Guarded blocks alive at once that leave the program its share of the mappings: an eighth of
/// vm.max_map_count beyond what it has already, at least 1,024. Unbounded if slots cost no mappings.
[[nodiscard]] constexpr Size blocks_within(Size mapping_limit, Size mappings_in_use, Size mappings_per_slot) {
  if (mappings_per_slot == 0) return ~Size{0};
  const Size kept = (mapping_limit / 8 > 1024 ? mapping_limit / 8 : 1024) + mappings_in_use;
  return kept >= mapping_limit ? 0 : (mapping_limit - kept) / mappings_per_slot;
}

}  // namespace fencepost::heap
