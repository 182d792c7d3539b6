// The few integer types that every floor speaks in.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fencepost {

/// A location in the program's address space. An integer, because most of what we reason about may not
/// be dereferenced.
using Address = std::uintptr_t;

/// A length in bytes.
using Size = std::size_t;

/// Names a stack trace in the trace depot; 0 means "no trace was taken".
using TraceId = std::uint32_t;

/// Names a thread for the whole run, dead or alive: 0 is the main thread, then 1, 2, … as they appear.
using ThreadId = std::uint32_t;

inline constexpr Size kPageShift = 12;

/// The page size this build is made for, in bytes. Start-up compares it with the kernel's and serves
/// every block unguarded if they differ.
inline constexpr Size kPageSize = Size{1} << kPageShift;

}  // namespace fencepost
