// What can be typed after `fencepost`.
#pragma once

namespace fencepost::cli {

/// Parses the command line and carries out its command. Returns the exit status: that of the command, or 2
/// for a command line that can't be understood.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace fencepost::cli
