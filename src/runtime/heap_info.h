// What the heap can honestly say of itself through glibc's interfaces.
#pragma once

#include <malloc.h>

#include <cstdio>

namespace fencepost::runtime {

/// Bytes in use (uordblks, arena) and blocks (hblks); all else is 0: there are no bins and no free memory.
/// Counts past the range of int stand at its largest value. Context: malloc.
[[nodiscard]] struct mallinfo heap_info();
[[nodiscard]] struct mallinfo2 heap_info2();

/// malloc_stats(3): one line, to where Fencepost's messages go.
void tell_heap_info();

/// malloc_info(3): an XML document in the stream. Returns 0, or EINVAL for options other than 0.
/// Context: not in a signal handler.
[[nodiscard]] int write_heap_info(int options, FILE* stream);

}  // namespace fencepost::runtime
