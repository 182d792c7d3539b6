#include "fence/page_move_fence.h"

#include <cstring>

#include "os/pages.h"

namespace fencepost::fence {

bool PageMoveFence::start(Range arena, std::uint8_t pattern) {
  const Range page = os::map_memory(kPageSize);
  if (page.empty()) return false;
  std::memset(reinterpret_cast<void*>(page.begin), pattern, page.size());
  pattern_page_ = page.begin;
  const bool opened = userfault_.open(arena) && fork_flag_.raise();
  working_.store(opened, std::memory_order_release);
  return opened;
}

bool PageMoveFence::prepare(Range chunk) { return usable() && os::open_pages(chunk); }

/// A descriptor inherited by fork stands for the parent's memory: nothing may be asked of it before the
/// registration is known to be this process's own.
bool PageMoveFence::usable() {
  if (fork_flag_.forked()) take_up_again();
  return working_.load(std::memory_order_acquire);
}

void PageMoveFence::recover() {
  const os::MutexLock lock(recovering_);
  working_.store(userfault_.reopen(), std::memory_order_release);
}

void PageMoveFence::after_fork_in_child() {
  userfault_.close_inherited();
  take_up_again();
}

void PageMoveFence::take_up_again() {
  recovering_.reset();
  const bool raised = fork_flag_.raise();
  working_.store(raised && userfault_.reopen(), std::memory_order_release);
}

bool PageMoveFence::open(Range pages) {
  for (Address page = pages.begin; page < pages.end; page += kPageSize) {
    auto outcome = usable() ? userfault_.copy(page, pattern_page_) : os::Moved::refused;
    if (outcome == os::Moved::lost) {
      recover();
      outcome = usable() ? userfault_.copy(page, pattern_page_) : os::Moved::refused;
    }
    if (outcome == os::Moved::done) continue;
    static_cast<void>(os::discard_pages({pages.begin, page}));
    return false;
  }
  return true;
}

bool PageMoveFence::fence(Range pages) {
  if (usable() && os::discard_pages(pages)) return true;
  // Locked, or no longer registered, so that a missing page would read as zero.
  return os::replace_by_reservation(pages);
}

bool PageMoveFence::fence_many(std::span<const Range> slots) {
  return (usable() && os::discard_many(slots)) || fence_each(*this, slots);
}

bool PageMoveFence::move(Range from, Range to) {
  if (!usable()) return false;
  const os::Moved outcome = userfault_.move(to.begin, from.begin);
  if (outcome == os::Moved::lost) recover();
  return outcome == os::Moved::done;
}

}  // namespace fencepost::fence
