// A command on a terminal, typed at.
#pragma once

#include <string>
#include <vector>

#include "support/run_program.h"

namespace fencepost::cli_tests {

/// When `prompt` has appeared, after what answered the one before, `keys` are typed.
struct Step {
  std::string prompt;
  std::string keys;
};

/// Runs the command as the foreground job of a terminal of its own, as an interactive shell would, and types what
/// the dialogue says. All that is written to the terminal is in `out`. Throws std::runtime_error if there are no
/// pseudo-terminals.
[[nodiscard]] support::Outcome on_terminal(const support::Command& command, const std::vector<Step>& dialogue);

}  // namespace fencepost::cli_tests
