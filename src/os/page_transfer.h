// Moving the contents of pages to other addresses without copying them.
#pragma once

#include "base/range.h"

namespace fencepost::os {

/// What keeps others from the place that contents are taken from.
enum class Leaving : std::uint8_t {
  closed_before,  ///< it is closed first: each page that is there is gone through
  missing_fault,  ///< pages that are not there fault, userfaultfd sees to it: it is closed when it is empty
};

/// Takes the contents of open anonymous `pages` away and leaves them closed and mapped: at no moment can
/// anybody reach the contents through `pages`, or map something else there. Returns where they are now, to
/// be attached or given back. Empty, with nothing changed, if the kernel refuses: older than 5.7, the
/// program gave some of the pages a protection of their own, or no mapping is left. Context: malloc.
[[nodiscard]] Range detach_pages(Range pages, Leaving leaving);

/// Puts detached contents to the beginning of the closed `to`, all of which is then open as one mapping; beyond
/// the contents it holds zeros. What there is more of it than fits into `to` stays where it is, open, and is
/// returned by `rest`, to be given back. False, with nothing changed, if the kernel refuses. Context: malloc.
[[nodiscard]] bool attach_pages(Range detached, Range to, Range& rest);

}  // namespace fencepost::os
