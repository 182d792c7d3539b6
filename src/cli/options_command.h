// fencepost options
#pragma once

#include <iosfwd>

namespace fencepost::cli {

/// Writes every option of the runtime with its type, what it accepts, its default and its help.
void list_options(std::ostream& out);

/// The same as a part of a manual page, in the man(7) macros.
void write_options_manual(std::ostream& out);

}  // namespace fencepost::cli
