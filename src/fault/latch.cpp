#include "fault/latch.h"

#include "os/process.h"

namespace fencepost::fault {

namespace {
constexpr unsigned kPollMilliseconds = 10;
}  // namespace

Latch::Entry Latch::enter(unsigned patience) {
  const int self = os::thread_id();
  for (unsigned waited = 0; waited <= patience; waited += kPollMilliseconds) {
    int owner = 0;
    if (owner_.compare_exchange_strong(owner, self, std::memory_order_acquire)) return Entry::first;
    if (owner == self) return Entry::nested;
    os::sleep_milliseconds(kPollMilliseconds);
  }
  return Entry::late;
}

bool Latch::is_mine() const { return owner_.load(std::memory_order_relaxed) == os::thread_id(); }

}  // namespace fencepost::fault
