#include "os/mutex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/errno_scope.h"

namespace fencepost::os {

namespace {

void futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  const ErrnoScope errno_scope;
  syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

}  // namespace

void Mutex::lock() {
  std::uint32_t seen = kFree;
  if (state_.compare_exchange_strong(seen, kHeld, std::memory_order_acquire)) return;
  if (seen != kContended) seen = state_.exchange(kContended, std::memory_order_acquire);
  while (seen != kFree) {
    futex(state_, FUTEX_WAIT, kContended);
    seen = state_.exchange(kContended, std::memory_order_acquire);
  }
}

void Mutex::unlock() {
  if (state_.exchange(kFree, std::memory_order_release) == kContended) futex(state_, FUTEX_WAKE, 1);
}

}  // namespace fencepost::os
