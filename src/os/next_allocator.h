// The allocator behind ours: libc's own, by the names that nobody interposes.
#pragma once

#include "base/types.h"

namespace fencepost::os {

/// Each returns null when the memory can't be had, or when the program has no other allocator (a fully static
/// program without libc's malloc). Context: malloc; they take libc's locks, so hold none of ours.
[[nodiscard]] void* next_malloc(Size size);
[[nodiscard]] void* next_calloc(Size size);
/// `alignment` is a power of two.
[[nodiscard]] void* next_memalign(Size alignment, Size size);
/// Null, and `pointer` as it was, when the memory can't be had.
[[nodiscard]] void* next_realloc(void* pointer, Size size);
void next_free(void* pointer);

}  // namespace fencepost::os
