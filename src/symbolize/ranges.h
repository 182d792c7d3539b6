// The code of a DWARF entry.
#pragma once

#include <elfutils/libdw.h>

#include <cstddef>

namespace fencepost::symbolize {

/// Calls visit(begin, end) for each piece of code that the entry says it has; none, if it says nothing or
/// nonsense.
template <typename Visit>
void for_each_range(Dwarf_Die& die, Visit visit) {
  Dwarf_Addr base = 0;
  Dwarf_Addr begin = 0;
  Dwarf_Addr end = 0;
  std::ptrdiff_t next = 0;
  while ((next = dwarf_ranges(&die, next, &base, &begin, &end)) > 0) visit(begin, end);
}

}  // namespace fencepost::symbolize
