// Where an entry point was called from.
#pragma once

#include "runtime/runtime.h"

namespace fencepost::interpose {

/// Must be inlined into the entry point itself: it reads the entry point's own frame.
[[gnu::always_inline]] inline runtime::CallSite here(record::Api api) {
  return {api, reinterpret_cast<Address>(__builtin_return_address(0)),
          reinterpret_cast<Address>(__builtin_frame_address(0))};
}

}  // namespace fencepost::interpose
