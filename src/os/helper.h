// Running another program from inside the one under test, without its noticing.
#pragma once

#include <span>
#include <string_view>

#include "base/types.h"

namespace fencepost::os {

/// One run of a program that reads all of its input, writes to its output, and ends.
struct HelperRun {
  const char* const* paths;        ///< the first that can be executed is; ends with null
  const char* const* arguments;    ///< ends with null
  const char* const* environment;  ///< ends with null
  std::string_view input;
  std::span<char> room;       ///< for the output
  unsigned milliseconds = 0;  ///< that it may take; then it is killed
  Size output_size = 0;       ///< what it wrote, once it has run
};

/// Runs it with the default action of all signals, none of them blocked, no descriptors but its input, its output and
/// /dev/null as standard error. True if it ended by itself with status 0 and its output fits; else nobody should
/// believe what it wrote.
///
/// No fork handlers run, no page table is copied, and the calling thread sleeps meanwhile, with all signals blocked. No
/// process of ours can be seen by the program's waitpid(-1), nor does SIGCHLD come for one, unless the program asks for
/// __WALL or __WCLONE; none is left. Context: anywhere, one thread at a time.
[[nodiscard]] bool run_helper(HelperRun& run);

}  // namespace fencepost::os
