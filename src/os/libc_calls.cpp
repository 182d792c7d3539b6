#include "os/libc_calls.h"

#include "os/errno_scope.h"
#include "os/libraries.h"

namespace fencepost::os {

namespace detail {

constinit std::atomic<void*> libc_calls[record::kSystemCalls] = {};

void* find_libc_call(record::SystemCall call) {
  const ErrnoScope errno_scope;
  void* const found = loader_is_idle() ? next_definition(record::name(call).data()) : nullptr;
  if (found == nullptr) return kernel_call(call);
  libc_calls[static_cast<Size>(call)].store(found, std::memory_order_relaxed);
  return found;
}

}  // namespace detail

void find_libc_calls() {
  for (Size i = 1; i < record::kSystemCalls; ++i) {
    static_cast<void>(detail::find_libc_call(static_cast<record::SystemCall>(i)));
  }
}

}  // namespace fencepost::os
