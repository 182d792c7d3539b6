// The engine for Linux 6.13 and later: guard regions.
#pragma once

#include <atomic>

#include "fence/fence.h"

namespace fencepost::fence {

/// Chunks are open mappings full of guard markers; a slot is opened by removing those of its data pages. No
/// mapping per slot, and one system call each to open and to fence.
class GuardRegionFence {
 public:
  static constexpr std::string_view kName = "guard_region";
  static constexpr Capabilities kCapabilities{.refuses_locked = true, .fences_in_batches = true, .opens_many = true};

  [[nodiscard]] bool may_prepare();
  [[nodiscard]] bool prepare(Range chunk);
  [[nodiscard]] bool adopt(Range) { return true; }
  [[nodiscard]] bool open(Range pages);
  [[nodiscard]] bool open_many(std::span<const Range> slots);
  /// False once that has failed.
  [[nodiscard]] bool may_open_many() const { return opens_many_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool fence(Range pages);
  [[nodiscard]] bool fence_many(std::span<const Range> slots);
  void after_fork_in_child() {}

  /// True while no chunk can be prepared because memory is locked.
  [[nodiscard]] bool is_locked_out() const { return in_vain_.load(std::memory_order_relaxed) != 0; }
  /// Slots that got a mapping of their own, because they were locked when they were to be fenced.
  [[nodiscard]] Size refused_as_locked() const { return refused_.load(std::memory_order_relaxed); }

 private:
  /// Memory that was locked is tried again after as many requests.
  static constexpr Size kRequestsUntilRetry = 1024;

  std::atomic<Size> in_vain_{0};  ///< requests since a chunk was found to be locked; 0: none was
  std::atomic<Size> refused_{0};
  std::atomic<bool> opens_many_{true};  ///< no try has failed yet
};

static_assert(ManyOpeningFence<GuardRegionFence>);

}  // namespace fencepost::fence
