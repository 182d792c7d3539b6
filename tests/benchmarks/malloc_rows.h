// What a program pays for malloc and free, whichever allocator it runs under.
#pragma once

#include <cstddef>

namespace fencepost::benchmarks {

/// Registers the rows `malloc/…`, of `objects` operations each.
void register_malloc_rows(std::size_t objects);

}  // namespace fencepost::benchmarks
