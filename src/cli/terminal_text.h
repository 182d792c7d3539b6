// Text that others control, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace fencepost::cli {

/// Control characters, also those above 0x7f (C1), are written as \xNN, so that no name of a file or a process
/// can move the cursor or set colours. Other UTF-8 stays.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace fencepost::cli
