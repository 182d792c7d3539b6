#include "os/fork_flag.h"

#include <sys/mman.h>

#include "os/pages.h"

namespace fencepost::os {

bool ForkFlag::raise() {
  if (page_ == nullptr) {
    const Range page = map_memory(kPageSize);
    if (page.empty() || madvise(reinterpret_cast<void*>(page.begin), page.size(), MADV_WIPEONFORK) != 0) return false;
    page_ = reinterpret_cast<std::atomic<std::uint8_t>*>(page.begin);
  }
  page_->store(1, std::memory_order_relaxed);
  return true;
}

}  // namespace fencepost::os
