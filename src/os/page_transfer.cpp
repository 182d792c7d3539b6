#include "os/page_transfer.h"

#include <sys/mman.h>

#include <algorithm>

#include "base/align.h"
#include "base/panic.h"
#include "os/pages.h"

namespace fencepost::os {

namespace {

// Newer than the headers of some C libraries.
constexpr int kLeaveMapped = 4;  // MREMAP_DONTUNMAP

/// What one page table covers: ranges that lie alike in it are moved by the table, not page by page.
constexpr Size kPageTableReach = Size{2} << 20;

bool move(Range from, Range to, int how) {
  void* const at = reinterpret_cast<void*>(to.begin);
  void* const source = reinterpret_cast<void*>(from.begin);
  return mremap(source, from.size(), to.size(), MREMAP_MAYMOVE | MREMAP_FIXED | how, at) != MAP_FAILED;
}

void give_back_if_any(Range range) {
  if (!range.empty()) give_back(range);
}

/// Reserves as much as `pages`, lying in its page tables as they do.
Range reserve_alike(Range pages) {
  const Range wide = reserve(pages.size() + kPageTableReach);
  if (wide.empty()) return {};
  const Address begin = align_up(wide.begin, kPageTableReach) + pages.begin % kPageTableReach;
  const Address fitting = begin + pages.size() <= wide.end ? begin : begin - kPageTableReach;
  give_back_if_any({wide.begin, fitting});
  give_back_if_any({fitting + pages.size(), wide.end});
  return {fitting, fitting + pages.size()};
}

}  // namespace

Range detach_pages(Range pages, Leaving leaving) {
  // A sandbox that refuses mprotect refuses it here, where nothing has changed yet: they are open.
  if (!open_pages(pages)) return {};
  const Range away = reserve_alike(pages);
  if (away.empty()) return {};
  const bool first = leaving == Leaving::closed_before && close_pages(pages);
  if (first == (leaving == Leaving::closed_before) && move(pages, away, kLeaveMapped)) {
    // What the kernel refuses here still faults.
    if (!first) static_cast<void>(close_pages(pages));
    return away;
  }
  // Needs no more mappings than there were before.
  if (first && !open_pages(pages)) panic("pages that were closed could not be opened again");
  give_back(away);
  return {};
}

bool attach_pages(Range detached, Range to, Range& rest) {
  const Size moved = std::min(detached.size(), to.size());
  const Range first{detached.begin, detached.begin + moved};
  if (!open_pages(detached)) return false;
  if (!move(first, to, 0)) {
    // The kernel may have removed what was at `to` before it gave up.
    static_cast<void>(reserve_gap(to));
    return false;
  }
  rest = {first.end, detached.end};
  return true;
}

}  // namespace fencepost::os
