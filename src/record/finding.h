// One diagnosed error.
#pragma once

#include <type_traits>

#include "record/block_record.h"
#include "record/fault_record.h"

namespace fencepost::record {

/// A fixed vocabulary. The names are stable: tools, suppressions and SARIF rules use them.
enum class FindingKind : std::uint8_t {
  heap_buffer_overflow,
  heap_buffer_underflow,
  use_after_free,
  double_free,
  invalid_free,
  mismatched_deallocation,
  mismatched_size,
  slack_overwritten,
  allocation_size_overflow,
  invalid_alignment,
  stack_overflow,
  wild_access,
  bad_syscall_buffer,
};

inline constexpr int kFindingKinds = 13;

/// Where the address lies, seen from the block of the finding.
enum class Relation : std::uint8_t { none, before, inside, after };

struct Finding {
  FindingKind kind = FindingKind::wild_access;
  Relation relation = Relation::none;  ///< `none`: no block has to do with it
  Size distance = 0;                   ///< bytes before the block, into it, or after its end, as `relation` says
  bool history_expired = false;        ///< a freed block has to do with it, but nothing is known of it any more
  FaultRecord fault;
  BlockRecord block;

  [[nodiscard]] constexpr bool has_block() const { return relation != Relation::none; }
};

static_assert(std::is_trivially_copyable_v<Finding>);

}  // namespace fencepost::record
