#include "fence/mprotect_fence.h"

#include "fence/locked_pages.h"
#include "os/pages.h"

namespace fencepost::fence {

bool MprotectFence::open(Range pages) { return os::open_fresh_pages(pages); }

bool MprotectFence::fence(Range pages) {
  // Closed first, so that no other thread can bring a page back between the two calls.
  if (os::close_pages(pages)) return discard_even_if_locked(pages) || os::replace_by_reservation(pages);
  // A sandbox may have taken mprotect away; a fresh mapping does the same.
  if (os::replace_by_reservation(pages)) return true;
  static_cast<void>(os::discard_pages(pages));
  return false;
}

}  // namespace fencepost::fence
