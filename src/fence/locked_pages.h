// What becomes of the pages of dead blocks that the program locked in memory.
#pragma once

#include "base/range.h"
#include "os/pages.h"

namespace fencepost::fence {

/// Unlocks the pages of one slot, if what follows them is not locked too: the program locked its block (mlock), and
/// the slot then is like those around it again. False if all memory is locked (mlockall), or none.
[[nodiscard]] inline bool unlock_alone(Range pages) {
  if (pages.empty() || !os::is_locked(pages) || os::is_locked({pages.end, pages.end + kPageSize})) return false;
  return os::unlock_pages(pages);
}

/// Drops the contents of one slot, whose pages may be locked.
[[nodiscard]] inline bool discard_even_if_locked(Range pages) {
  if (os::discard_pages(pages)) return true;
  static_cast<void>(unlock_alone(pages));
  return os::discard_locked_pages(pages);
}

}  // namespace fencepost::fence
