// What the program itself has to say, on standard error.
#pragma once

#include <string_view>

namespace fencepost::cli {

/// Once, before any other call.
void start_log();

void log_error(std::string_view message);

}  // namespace fencepost::cli
