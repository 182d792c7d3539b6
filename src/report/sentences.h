// The words for a finding that every kind of report has in common.
#pragma once

#include <string_view>

#include "base/types.h"
#include "base/writer.h"
#include "record/finding.h"
#include "report/frame_namer.h"

namespace fencepost::report {

struct ThreadLabel {
  ThreadId id = 0;
  std::string_view name;  ///< empty: not known
};

/// What is shown of a function's or a variable's name at most.
inline constexpr Size kLongestName = 512;

/// Nothing was damaged yet, and the program goes on.
[[nodiscard]] bool is_warning(const record::FaultRecord& fault);

// Context of all: signal. What the program controls is written as `Writer::printable` does.

/// "thread T0 (indexer)"
void write_thread(Writer& out, ThreadLabel thread);

/// "heap-buffer-overflow on address 0x… at pc 0x… sp 0x…"
void write_headline(Writer& out, const record::Finding& finding);

/// "WRITE at 0x… thread T0 (indexer)"
void write_action(Writer& out, const record::FaultRecord& fault, ThreadLabel thread);

/// What the address has to do with which block, or what else it is: lines, each with its end, or nothing. `owner` is
/// the thread whose stack it is in.
void write_place(Writer& out, const record::Finding& finding, ThreadLabel owner, FrameNamer& namer);

/// Where `write_place` has nothing to say: why the access or the argument is wrong. Else nothing.
void write_reason(Writer& out, const record::Finding& finding);

}  // namespace fencepost::report
