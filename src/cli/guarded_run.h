// One run of a program with every allocation guarded.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/supervisor.h"
#include "findings/finding.h"

namespace fencepost::cli {

struct GuardedRun {
  std::filesystem::path library;     ///< libfencepost.so
  std::string options;               ///< the value of FENCEPOST_OPTIONS, but for where findings go
  std::vector<std::string> program;  ///< and its arguments
  std::chrono::milliseconds linger{0};
};

struct RunResult {
  Ending ending;
  std::vector<findings::Finding> findings;  ///< of all processes, as they wrote them
};

/// Runs the program and collects what its processes found. What could not be read, and who was not waited for,
/// is said in the log. Throws std::system_error if there is no place for the findings, or no process.
[[nodiscard]] RunResult run_guarded(const GuardedRun& run);

}  // namespace fencepost::cli
