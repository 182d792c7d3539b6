// What the debug information calls a function.
#pragma once

#include <elfutils/libdw.h>

#include <string>

namespace fencepost::symbolize {

/// The symbol that the linker knows the function by, or "" if its entry, its declaration and its abstract
/// instance don't say: of C functions, and of some that are private to a file.
[[nodiscard]] std::string linkage_name_of(Dwarf_Die& function);

/// Its name with the namespaces and classes that it lies in, without parameters.
[[nodiscard]] std::string qualified_name_of(Dwarf_Die& function);

}  // namespace fencepost::symbolize
