#include "fence/page_move_fence.h"

#include <algorithm>
#include <cstring>

#include "fence/locked_pages.h"
#include "os/pages.h"

namespace fencepost::fence {

bool PageMoveFence::start(Range arena, std::uint8_t pattern) {
  const Range pages = os::map_memory(kPatternPages * kPageSize);
  if (pages.empty()) return false;
  std::memset(reinterpret_cast<void*>(pages.begin), pattern, pages.size());
  pattern_ = pages.begin;
  const bool opened = userfault_.open(arena) && fork_flag_.raise();
  working_.store(opened, std::memory_order_release);
  return opened;
}

bool PageMoveFence::prepare(Range chunk) { return usable() && os::open_pages(chunk); }

/// A fresh reservation is registered with nobody.
bool PageMoveFence::adopt(Range chunks) {
  if (!usable()) return false;
  const std::uint32_t used = userfault_.generation();
  const os::Moved outcome = userfault_.watch(chunks);
  if (outcome != os::Moved::lost) return outcome == os::Moved::done;
  recover(used);
  return usable();
}

/// Registers again, unless another thread did since generation `lost`: it can't be done twice.
void PageMoveFence::recover(std::uint32_t lost) {
  const os::MutexLock lock(recovering_);
  if (userfault_.generation() != lost) return;
  working_.store(userfault_.reopen(), std::memory_order_release);
}

void PageMoveFence::after_fork_in_child() {
  userfault_.close();
  take_up_again();
}

void PageMoveFence::take_up_again() {
  recovering_.reset();
  const bool raised = fork_flag_.raise();
  working_.store(raised && userfault_.reopen(), std::memory_order_release);
}

os::Moved PageMoveFence::put_pattern(Range pages) {
  return usable() ? userfault_.copy(pages, pattern_) : os::Moved::refused;
}

bool PageMoveFence::open(Range pages) {
  for (Address begin = pages.begin; begin < pages.end; begin += kPatternPages * kPageSize) {
    const Range piece{begin, std::min(begin + kPatternPages * kPageSize, pages.end)};
    const std::uint32_t used = userfault_.generation();
    auto outcome = put_pattern(piece);
    if (outcome == os::Moved::lost) {
      recover(used);
      outcome = put_pattern(piece);
    }
    if (outcome == os::Moved::done) continue;
    static_cast<void>(discard_even_if_locked({pages.begin, piece.end}));
    return false;
  }
  return true;
}

bool PageMoveFence::fence(Range pages) {
  if (usable() && discard_even_if_locked(pages)) return true;
  // Refused, or no longer registered, so that a missing page would read as zero.
  return os::replace_by_reservation(pages);
}

bool PageMoveFence::fence_many(std::span<const Range> slots) {
  return (usable() && os::discard_many(slots)) || fence_each(*this, slots);
}

bool PageMoveFence::move(Range from, Range to) {
  if (!usable()) return false;
  const std::uint32_t used = userfault_.generation();
  const os::Moved outcome = userfault_.move(to, from.begin);
  if (outcome == os::Moved::done) return true;
  if (outcome == os::Moved::lost) recover(used);
  // Some pages may have gone ahead, and whoever opens `to` expects none there.
  if (to.size() > kPageSize) static_cast<void>(discard_even_if_locked(to));
  return false;
}

}  // namespace fencepost::fence
