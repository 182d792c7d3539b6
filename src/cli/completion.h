// Shell completion.
#pragma once

#include <string>

#include "cli/grammar.h"

namespace fencepost::cli {

/// A script for bash that completes `fencepost`: to be sourced, or put where bash-completion looks. It needs
/// nothing but bash.
[[nodiscard]] std::string bash_completion(const Grammar& grammar);

}  // namespace fencepost::cli
