// The floor: what the kernel alone charges for one guarded block and its release.
//
// Every row gives each object a page of its own with an inaccessible page behind it, writes one byte to it,
// and makes it inaccessible again, always at a fresh address. There is no record, no trace and no lock: an
// allocator that fences every block can't be cheaper than its row.
#pragma once

#include <cstddef>

namespace fencepost::benchmarks {

/// Registers the rows `floor/…`, of `objects` objects each. A row that the kernel can't do is skipped with
/// the reason.
void register_floor_rows(std::size_t objects);

}  // namespace fencepost::benchmarks
