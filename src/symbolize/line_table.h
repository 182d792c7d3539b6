// The line table of a compilation unit.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>

#include "findings/finding.h"

namespace fencepost::symbolize {

/// Sets file, line and column of the code at the address; leaves them alone if the table of `unit` has
/// nothing about it. `function` is the entry of the function that the address lies in, or null.
void set_place(Dwarf_Die unit, Dwarf_Die* function, std::uint64_t address, findings::SourceFrame& frame);

}  // namespace fencepost::symbolize
