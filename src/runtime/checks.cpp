// Looking at the whole heap while the program runs.
#include "os/errno_scope.h"
#include "record/trace.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

void Runtime::check_if_due(const CallSite& site) {
  if (options_.check_every == 0) return;
  const std::uint64_t call = calls_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (call % options_.check_every != 0) return;
  settle_all(site);
  heap_.check_all([&](record::FaultRecord& error) { fail(error, site); });
}

int Runtime::check_all(const CallSite& site) {
  const os::ErrnoScope errno_scope;
  ensure_started();
  if (stands_down()) return 0;
  record::Trace trace;
  trace.size = static_cast<std::uint32_t>(capture_frames(site, trace.frames));
  int found = 0;
  const auto tell = [&](record::FaultRecord& error) {
    describe(error, site);
    if (handler_.suppresses(error, trace.view())) return;
    ++found;
    handler_.tell(error, trace.view());
  };
  if (options_.fence == options::FenceTime::batch) {
    threads_.for_each([&](Thread& thread) {
      record::FaultRecord error;
      if (!heap_.settle(thread.cache, error)) tell(error);
    });
  }
  heap_.check_all(tell, heap::Mend::yes);
  return found;
}

}  // namespace fencepost::runtime
