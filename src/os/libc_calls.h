// libc's own definitions of the functions that we put ours in front of.
#pragma once

#include <atomic>

#include "base/types.h"
#include "record/system_call.h"

namespace fencepost::os {

namespace detail {
extern constinit std::atomic<void*> libc_calls[record::kSystemCalls];
[[nodiscard]] void* find_libc_call(record::SystemCall call);
}  // namespace detail

/// Looks them all up, so that nobody has to later, when the loader may be busy. Context: start-up, the loader
/// idle.
void find_libc_calls();

/// The next definition, by the name of `call`; of type `Function`. It is a cancellation point if libc's is,
/// and leaves errno to the caller. In a fully static program there is none, and before the loader is idle it
/// can't be looked up: then the system call itself, made with the same contract. Context: anywhere.
template <typename Function>
[[nodiscard]] inline Function* libc_call(record::SystemCall call) {
  void* const known = detail::libc_calls[static_cast<Size>(call)].load(std::memory_order_relaxed);
  return reinterpret_cast<Function*>(known != nullptr ? known : detail::find_libc_call(call));
}

/// What fills the place of `call` where there is no next definition.
[[nodiscard]] void* kernel_call(record::SystemCall call);

}  // namespace fencepost::os
