#include "metadata/page_arena.h"

#include <algorithm>

#include "base/align.h"
#include "os/pages.h"

namespace fencepost::metadata {

bool PageArena::reserve(Size bytes) {
  for (bytes = align_up(bytes, kPageSize); bytes > 0 && range_.empty(); bytes = align_down(bytes / 2, kPageSize)) {
    range_ = os::reserve(bytes);
  }
  next_.store(range_.begin, std::memory_order_relaxed);
  opened_.store(range_.begin, std::memory_order_relaxed);
  return !range_.empty();
}

void* PageArena::allocate(Size bytes, Size alignment) {
  Address next = next_.load(std::memory_order_relaxed);
  Address begin = 0;
  do {
    begin = align_up(next, alignment);
    if (bytes > range_.end - begin || !open_up_to(begin + bytes)) return nullptr;
  } while (!next_.compare_exchange_weak(next, begin + bytes, std::memory_order_relaxed));
  return reinterpret_cast<void*>(begin);
}

bool PageArena::open_up_to(Address end) {
  if (end <= opened_.load(std::memory_order_acquire)) return true;
  if (end > range_.end) return false;
  const os::MutexLock lock(growth_);
  const Address opened = opened_.load(std::memory_order_relaxed);
  if (end <= opened) return true;
  const Address target = std::min(align_up(end - range_.begin, kStep) + range_.begin, range_.end);
  if (!os::open_fresh_pages({opened, target})) return false;
  opened_.store(target, std::memory_order_release);
  return true;
}

}  // namespace fencepost::metadata
