// Letting one instruction through a fence, after it was reported.
#include "heap/heap.h"
#include "os/pages.h"

namespace fencepost::heap {

namespace {

Range page_at(Address page) { return {page, page + kPageSize}; }

}  // namespace

bool Heap::open_fenced(Address page) {
  const metadata::Chunk* const chunk = chunks_.find(page);
  // Retired space has no engine any more; space that was never handed out has none yet, and is nobody's error.
  const bool retired = chunks_.is_retired(page);
  if (chunk == nullptr && !retired) return false;
  const auto open_it = [&](Address) {
    const Range range = page_at(page);
    const bool opened = retired ? os::open_pages(range) : fences_[fence_of(chunk->lane())].open(range);
    if (opened) poison_.fill(range);
    return opened;
  };
  return visited_.open(page, open_it);
}

void Heap::close_fenced(Address page) {
  visited_.close(page, [this](Address closed) {
    const Range range = page_at(closed);
    const metadata::Chunk* const chunk = chunks_.find(closed);
    const bool retired = chunk == nullptr || chunks_.is_retired(closed);
    const bool fenced = !retired && fences_[fence_of(chunk->lane())].fence(range);
    if (!fenced) static_cast<void>(os::replace_by_reservation(range));
  });
}

}  // namespace fencepost::heap
