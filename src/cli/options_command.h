// fencepost options
#pragma once

namespace fencepost::cli {

/// Prints every option of the runtime with what it accepts, its default and its help. Returns 0.
[[nodiscard]] int list_options();

}  // namespace fencepost::cli
