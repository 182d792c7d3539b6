// Names of functions as their authors wrote them.
#pragma once

#include <string>

namespace fencepost::symbolize {

/// The C++ name of a symbol of the Itanium ABI, with its parameters; any other symbol as it is.
[[nodiscard]] std::string demangle(const std::string& symbol);

}  // namespace fencepost::symbolize
