// Is the file that lies at a path today the one that the process ran?
#pragma once

#include <string>

#include "symbolize/descriptor.h"
#include "symbolize/module_file.h"

namespace fencepost::symbolize {

/// The build id of an open ELF file in lower-case hexadecimal digits, or "" if it has none or is no ELF file.
[[nodiscard]] std::string build_id_of(int descriptor);

/// Build ids are compared if the process saw one; otherwise whatever is known of inode, size and time of the
/// last change. Where nothing is known, a file is taken for what its path says.
[[nodiscard]] bool is_same_file(int descriptor, const ModuleFile& expected);

/// Opens a regular file for reading. Anything else, a pipe for instance, is refused without waiting; errno
/// says why.
[[nodiscard]] Descriptor open_regular(const std::string& path);

}  // namespace fencepost::symbolize
