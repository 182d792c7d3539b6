// What is done with findings once they are there.
#pragma once

#include <string>
#include <vector>

#include "findings/finding.h"

namespace fencepost::cli {

/// With source lines and functions, and each once, with how often and in which processes it was found.
[[nodiscard]] std::vector<findings::Finding> make_readable(std::vector<findings::Finding> findings);

/// Says in the log why a program could not be started; `error` is an errno.
void tell_not_started(const std::string& program, int error);

}  // namespace fencepost::cli
