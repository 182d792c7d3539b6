// The functions that could close a descriptor that an engine needs.
#include "base/export.h"
#include "runtime/descriptor_calls.h"

namespace runtime = fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT int close(int descriptor) { return runtime::call_close(descriptor); }

FENCEPOST_EXPORT int close_range(unsigned first, unsigned last, int flags) noexcept {
  return runtime::call_close_range(first, last, flags);
}

FENCEPOST_EXPORT void closefrom(int lowest) noexcept { runtime::call_closefrom(lowest); }

FENCEPOST_EXPORT int dup2(int from, int to) noexcept { return runtime::call_dup2(from, to); }

FENCEPOST_EXPORT int dup3(int from, int to, int flags) noexcept { return runtime::call_dup3(from, to, flags); }

}  // extern "C"
