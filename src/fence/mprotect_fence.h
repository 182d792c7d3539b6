// The engine for any Linux: page protections.
#pragma once

#include "fence/fence.h"
#include "os/page_transfer.h"

namespace fencepost::fence {

/// A live slot is two mappings, its open pages and its fence, so vm.max_map_count bounds the live blocks.
class MprotectFence {
 public:
  static constexpr std::string_view kName = "mprotect";
  static constexpr Capabilities kCapabilities{.mappings_per_live_slot = 2, .opens_lazily = true, .detaches = true};

  [[nodiscard]] bool prepare(Range) { return true; }
  [[nodiscard]] bool adopt(Range) { return true; }
  [[nodiscard]] bool open(Range pages);
  [[nodiscard]] bool fence(Range pages);
  [[nodiscard]] bool fence_many(std::span<const Range> slots) { return fence_each(*this, slots); }
  [[nodiscard]] Range detach(Range from, os::Leaving leaving) { return os::detach_pages(from, leaving); }
  [[nodiscard]] bool attach(Range detached, Range to, Range& rest) { return os::attach_pages(detached, to, rest); }
  void after_fork_in_child() {}
};

static_assert(DetachingFence<MprotectFence>);

}  // namespace fencepost::fence
