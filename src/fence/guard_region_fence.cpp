#include "fence/guard_region_fence.h"

#include "os/pages.h"

namespace fencepost::fence {

bool GuardRegionFence::prepare(Range chunk) {
  if (!os::open_pages(chunk)) return false;
  if (os::install_guards(chunk)) return true;
  // Locked memory (mlockall) refuses guards: leave it closed for good.
  static_cast<void>(os::close_pages(chunk));
  return false;
}

bool GuardRegionFence::open(Range pages) { return os::remove_guards(pages); }

bool GuardRegionFence::fence(Range pages) {
  if (os::install_guards(pages)) return true;
  // Locked since it was opened, or a sandbox forbids madvise: the slot gets a mapping of its own.
  if (os::close_pages(pages)) return os::discard_pages(pages) || os::replace_by_reservation(pages);
  return os::replace_by_reservation(pages);
}

bool GuardRegionFence::fence_many(std::span<const Range> slots) {
  return os::install_many_guards(slots) || fence_each(*this, slots);
}

}  // namespace fencepost::fence
