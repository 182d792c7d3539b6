// What a user could do about a slow run.
#include "base/text.h"
#include "os/process.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

/// Every fence interrupts the other processors that run the program at that moment (a TLB shoot-down): says so if
/// that took much of the time, because batches would take less.
void Runtime::tell_fence_time() {
  if (options_.fence == options::FenceTime::batch) return;
  std::uint64_t fences = 0, time = 0;
  threads_.for_each([&](const Thread& thread) {
    fences += thread.cache.counters.fence_time.fences();
    time += thread.cache.counters.fence_time.nanoseconds();
  });
  const std::uint64_t all = os::processor_nanoseconds();
  if (threads_.table().size() < 2 || !heap::batches_would_help(fences, time, all)) return;
  TextBuffer<512> message;
  message.text("fencing freed blocks took about ").percent(std::min(time, all), all).text("% of the time, ");
  message.decimal(time / fences / 1000).text(" microseconds each: the processors of other threads are told of each");
  message.text(" one. FENCEPOST_OPTIONS=fence=batch tells them once for many\n");
  say(message.view());
}

}  // namespace fencepost::runtime
