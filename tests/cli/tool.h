// The fencepost program, run by tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/run_program.h"

namespace fencepost::cli_tests {

using Words = std::vector<std::string>;

inline constexpr const char* kEngines[] = {"auto", "page_move", "guard_region", "mprotect"};

/// `fencepost` with these arguments; to be adapted and given to support::run.
[[nodiscard]] support::Command tool_command(const Words& arguments);

[[nodiscard]] support::Outcome tool(const Words& arguments);

/// Anything, found in the PATH that the tests give.
[[nodiscard]] support::Outcome shell(const std::string& script);

/// Where the one-bug programs are.
[[nodiscard]] std::string program_path(std::string_view file);

[[nodiscard]] bool contains(std::string_view text, std::string_view part);

/// How often `part` is in `text`.
[[nodiscard]] std::size_t occurrences(std::string_view text, std::string_view part);

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

/// True if a frame of a report is in that function, at a place that has `place` in it.
[[nodiscard]] bool has_frame(const std::string& report, const std::string& function, const std::string& place);

/// The options of the runtime, as `fencepost options` lists them.
[[nodiscard]] std::vector<std::string> runtime_options();

}  // namespace fencepost::cli_tests
