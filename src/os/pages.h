// Every call that changes the address space.
#pragma once

#include <span>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::os {

/// The kernel's page size in bytes.
[[nodiscard]] Size kernel_page_size();

/// Reserves `bytes` of inaccessible address space: no memory, no commit charge, left out of core dumps (the
/// kernel would go through all of it page by page).
/// Empty if the kernel refuses (RLIMIT_AS, an exhausted address space). Context: anywhere.
[[nodiscard]] Range reserve(Size bytes);

/// Gives a reservation back.
void give_back(Range range);

/// Makes pages readable and writable. False if the kernel refuses: no memory to commit (ENOMEM under
/// overcommit_memory=2), no mapping left (vm.max_map_count), or a sandbox. Context: anywhere.
[[nodiscard]] bool open_pages(Range range);

/// Makes pages readable: no commit charge, zeros that take no memory. False if the kernel refuses. Context: anywhere.
[[nodiscard]] bool open_for_reading(Range range);

/// The same for pages of a reservation that were never open: where a sandbox has taken mprotect away, by a mapping of
/// their own, without which no allocator could go on either. Context: anywhere.
[[nodiscard]] bool open_fresh_pages(Range range);

/// Makes pages inaccessible. False if the kernel refuses. Context: anywhere.
[[nodiscard]] bool close_pages(Range range);

/// Drops the contents and the physical pages; they read as zero when they are open again. Context: anywhere.
[[nodiscard]] bool discard_pages(Range range);

/// The same for pages that are locked in memory, which discard_pages refuses (Linux 5.18); they stay locked.
[[nodiscard]] bool discard_locked_pages(Range range);

/// Whether any of these pages is locked in memory (mlock, mlockall). Says so as well if the kernel can't tell:
/// older than 5.4. Context: anywhere.
[[nodiscard]] bool is_locked(Range range);

/// Unlocks pages. False if the kernel refuses: no mapping is left.
[[nodiscard]] bool unlock_pages(Range range);

/// Lets a part of a reservation be in core dumps again.
void include_in_dumps(Range range);

/// Keeps transparent huge pages out of a reservation: one touched byte would cost 2 MiB.
void forbid_huge_pages(Range range);

/// Guard regions (Linux 6.13, MADV_GUARD_INSTALL): pages of an open mapping that fault, without a mapping of
/// their own. Installing drops the contents and the physical pages. False if the kernel refuses: too old,
/// memory is locked, a sandbox. Context: anywhere.
[[nodiscard]] bool install_guards(Range range);
[[nodiscard]] bool remove_guards(Range range);

/// discard_pages and install_guards for many ranges at once, at most kMostRanges: other processors are told
/// once for all of them where the kernel can (process_madvise on oneself, Linux 6.13), one by one elsewhere.
inline constexpr Size kMostRanges = 64;
/// False if the kernel can't, with all guards there still.
[[nodiscard]] bool remove_many_guards(std::span<const Range> ranges);
/// Puts the pages of open ranges in memory (Linux 5.14, MADV_POPULATE_WRITE). False if not all of them could be.
[[nodiscard]] bool populate_many(std::span<const Range> ranges);
[[nodiscard]] bool discard_many(std::span<const Range> ranges);
[[nodiscard]] bool install_many_guards(std::span<const Range> ranges);

/// Reserves `range` again if nothing is mapped there any more. False if something is. Context: anywhere.
[[nodiscard]] bool reserve_gap(Range range);

/// Replaces whatever is mapped in `range` by fresh inaccessible address space without huge pages, at once: nobody
/// finds a gap meanwhile. It merges with what is like it around.
[[nodiscard]] bool replace_by_reservation(Range range);

/// Reserves and opens `bytes` at once, for memory of our own. Empty if refused.
[[nodiscard]] Range map_memory(Size bytes);

}  // namespace fencepost::os
