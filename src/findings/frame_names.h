// What a frame is called, and whether it is of any interest.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "findings/finding.h"

namespace fencepost::findings {

/// What follows the last slash.
[[nodiscard]] std::string_view base_name(std::string_view path);

/// The name in the source of a symbol of the symbol table; the symbol itself if it isn't mangled.
[[nodiscard]] std::string demangled(const std::string& symbol);

/// The function that the frame's code belongs to, without what was inlined into it; "" if nobody knows.
[[nodiscard]] std::string function_name(const Frame& frame);

/// Fencepost's own code.
[[nodiscard]] bool is_ours(const Frame& frame);

/// Code of the C library or the loader.
[[nodiscard]] bool is_libc(const Frame& frame);

/// How many frames come before those that only start a program or a thread, which are the same in every
/// trace. At least one, if there are any.
[[nodiscard]] std::size_t frames_before_start(const Trace& trace);

}  // namespace fencepost::findings
