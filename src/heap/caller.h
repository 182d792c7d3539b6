// Who calls, and what is said of a block by whoever frees it.
#pragma once

#include "base/types.h"
#include "record/api.h"

namespace fencepost::heap {

/// The arguments of a sized or an aligned release, in bytes.
struct Statement {
  static constexpr Size kNone = ~Size{0};

  Size size = kNone;
  Size alignment = kNone;

  [[nodiscard]] constexpr bool is_empty() const { return size == kNone && alignment == kNone; }
};

/// For the block's record, and to compare a release with it.
struct Caller {
  record::Api api = record::Api::none;
  TraceId trace = 0;
  ThreadId thread = 0;
  Statement statement = {};
};

}  // namespace fencepost::heap
