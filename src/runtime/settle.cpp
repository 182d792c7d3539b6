// When blocks that fence=batch has put off are fenced, beyond their own thread's next release.
#include "os/process.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

void Runtime::settle(Thread& thread, const CallSite& site) {
  record::FaultRecord error;
  if (!heap_.settle(thread.cache, error)) fail(error, site);
}

/// A release that found an error did not come to this, but the program may go on.
void Runtime::settle_if_due(const CallSite& site) {
  record::FaultRecord error;
  bool good = false;
  {
    const ThreadUse thread(threads_);
    good = heap_.settle_if_due(thread->cache, error);
  }
  if (!good) fail(error, site);
}

void Runtime::settle_all(const CallSite& site) {
  if (options_.fence != options::FenceTime::batch) return;
  threads_.for_each([&](Thread& thread) { settle(thread, site); });
}

/// Threads that block for long come by no more: one of the others looks after what they left.
void Runtime::settle_overdue(const CallSite& site) {
  if (options_.fence != options::FenceTime::batch) return;
  const std::uint64_t now = os::coarse_milliseconds();
  std::uint64_t due = next_sweep_.load(std::memory_order_relaxed);
  if (now < due) return;
  if (!next_sweep_.compare_exchange_strong(due, now + heap::PendingFrees::kMostMilliseconds)) return;
  threads_.for_each([&](Thread& thread) {
    if (thread.cache.pending.overdue(now)) settle(thread, site);
  });
}

}  // namespace fencepost::runtime
