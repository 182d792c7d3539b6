#include "fence/guard_region_fence.h"

#include "fence/locked_pages.h"
#include "os/pages.h"

namespace fencepost::fence {

/// Locked memory (mlockall) refuses guards: chunks of it would be used up for nothing.
bool GuardRegionFence::may_prepare() {
  if (in_vain_.load(std::memory_order_relaxed) == 0) return true;
  return in_vain_.fetch_add(1, std::memory_order_relaxed) % kRequestsUntilRetry == 0;
}

bool GuardRegionFence::prepare(Range chunk) {
  // While it is closed still: there is no moment without guards.
  if (os::install_guards(chunk)) {
    in_vain_.store(0, std::memory_order_relaxed);
    return os::open_pages(chunk);
  }
  if (os::is_locked(chunk)) in_vain_.store(1, std::memory_order_relaxed);
  return false;
}

bool GuardRegionFence::open(Range pages) { return os::remove_guards(pages); }

/// A page that is put in place with others costs two thirds of a fault.
bool GuardRegionFence::open_many(std::span<const Range> slots) {
  if (!may_open_many()) return false;
  if (!os::remove_many_guards(slots)) {
    opens_many_.store(false, std::memory_order_relaxed);
    return false;
  }
  static_cast<void>(os::populate_many(slots));  // the others will be in memory when they are touched
  return true;
}

bool GuardRegionFence::fence(Range pages) {
  if (os::install_guards(pages)) return true;
  if (unlock_alone(pages) && os::install_guards(pages)) return true;
  // All memory is locked, or a sandbox forbids madvise: the slot gets a mapping of its own.
  if (os::is_locked(pages)) refused_.fetch_add(1, std::memory_order_relaxed);
  if (os::close_pages(pages) && discard_even_if_locked(pages)) return true;
  return os::replace_by_reservation(pages);
}

bool GuardRegionFence::fence_many(std::span<const Range> slots) {
  return os::install_many_guards(slots) || fence_each(*this, slots);
}

}  // namespace fencepost::fence
