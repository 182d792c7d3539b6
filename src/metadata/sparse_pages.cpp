#include "metadata/sparse_pages.h"

#include <algorithm>

#include "base/align.h"
#include "os/pages.h"

namespace fencepost::metadata {

bool SparsePages::reserve(Size bytes) {
  for (bytes = align_up(bytes, kPageSize); bytes > 0 && range_.empty(); bytes = align_down(bytes / 2, kPageSize)) {
    range_ = os::reserve(bytes);
  }
  if (range_.empty()) return false;
  step_ = align_up((range_.size() + kMostSteps - 1) / kMostSteps, kPageSize);
  os::forbid_huge_pages(range_);
  return os::open_for_reading(range_);
}

bool SparsePages::open(Range part) {
  const Size first = (part.begin - range_.begin) / step_;
  const Size last = (part.end - 1 - range_.begin) / step_;
  for (Size step = first; step <= last; ++step) {
    if (is_open(step)) continue;
    const os::MutexLock lock(growth_);
    if (is_open(step)) continue;
    const Address begin = range_.begin + step * step_;
    if (!os::open_fresh_pages({begin, std::min(begin + step_, range_.end)})) return false;
    open_[step / kBits].fetch_or(std::uint64_t{1} << (step % kBits), std::memory_order_release);
  }
  return true;
}

}  // namespace fencepost::metadata
