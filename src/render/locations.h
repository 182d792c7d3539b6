// The places that a finding speaks of, as all renderers show them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"

namespace fencepost::render {

/// One line of a trace: a frame, or a function that was inlined into one.
struct Location {
  const findings::Frame* frame = nullptr;
  std::string function;  ///< "" if nobody knows
  std::string file;      ///< as the debug information says; "" if there is none
  unsigned line = 0;
  unsigned column = 0;

  [[nodiscard]] bool has_source() const { return !file.empty() && line != 0; }
};

/// The lines of a frame: inlined functions first, the innermost before the others.
[[nodiscard]] std::vector<Location> locations_of(const findings::Frame& frame);

/// Where the error is to be looked for: the first code of the error's trace that is neither ours, nor the C or C++
/// library's, nor of the program's start, nor inlined from a header of the system's; else of the allocation's; else of
/// either from such a header; else the first of all. What is found in the end of the process or a thread begins with
/// the allocation. `frame` is null if no trace has a frame.
[[nodiscard]] Location culprit(const findings::Finding& finding);

/// `file` from `directory` on if it lies below it, else as it is, without "." and "..".
[[nodiscard]] std::string from_directory(std::string_view file, std::string_view directory);

/// The mouthful "0x7f10c4a01000".
[[nodiscard]] std::string hex(std::uint64_t value);

/// "1 byte", "40 bytes".
[[nodiscard]] std::string count_of(std::uint64_t count, std::string_view noun);

/// "src/f.cpp:17:9", with what is known.
[[nodiscard]] std::string place_in_source(const Location& location, std::string_view directory);

/// "src/f.cpp:17:9 in f", "(module+0x1187) in f", with what is known; "" if nothing is.
[[nodiscard]] std::string place_and_function(const Location& location, std::string_view directory);

/// "freed by thread T3 (worker) with free", "the error in thread T0": what a trace is.
[[nodiscard]] std::string title_of(const findings::Trace& trace, const findings::Finding& finding);

/// "thread T0 (indexer)"
[[nodiscard]] std::string name_of(const findings::Thread& thread);

/// "indexer (4242)"
[[nodiscard]] std::string name_of(const findings::Process& process);

/// The action, with the size of the access if the instruction tells it: "WRITE of size 4 at 0x… thread T0".
[[nodiscard]] std::string action_of(const findings::Finding& finding);

/// "Found 3 times in 2 processes: a (1), b (2)"; "" for a finding that was found once.
[[nodiscard]] std::string occurrences_of(const findings::Finding& finding);

}  // namespace fencepost::render
