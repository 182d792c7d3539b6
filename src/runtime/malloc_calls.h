// The C allocation functions, with the contracts that glibc gives them.
#pragma once

#include "base/types.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

/// Every function takes what its C namesake takes, and the call site. Failures set errno as glibc does.
/// Context: malloc.
[[nodiscard]] void* call_malloc(Size size, const CallSite& site);
/// `count * size` that overflows fails with ENOMEM.
[[nodiscard]] void* call_calloc(Size count, Size size, const CallSite& site);
/// Size 0 frees `old` and returns null, as glibc's does.
[[nodiscard]] void* call_realloc(void* old, Size size, const CallSite& site);
[[nodiscard]] void* call_reallocarray(void* old, Size count, Size size, const CallSite& site);
/// memalign(3), and aligned_alloc(3) as of glibc 2.36: an alignment that is no power of two is rounded up to
/// one; one that can't be is refused with EINVAL.
[[nodiscard]] void* call_memalign(Size alignment, Size size, const CallSite& site);
/// Returns 0, EINVAL for an alignment that is no power of two times sizeof(void*), or ENOMEM; leaves `*result`
/// alone on failure, and errno always.
[[nodiscard]] int call_posix_memalign(void** result, Size alignment, Size size, const CallSite& site);
/// A block of `size` bytes, rounded up to whole pages if `whole_pages`, at the start of a page.
[[nodiscard]] void* call_valloc(Size size, bool whole_pages, const CallSite& site);
/// Every form of free and operator delete.
void call_free(void* block, const CallSite& site, const Statement& statement = {});
[[nodiscard]] Size call_malloc_usable_size(const void* block, const CallSite& site);

/// operator new: calls the new-handler until there is memory, else throws std::bad_alloc.
[[nodiscard]] void* call_new(Size size, Size alignment, const CallSite& site);
/// What a compiler calls instead of operator new[] for more elements than there can be: throws
/// std::bad_array_new_length.
[[noreturn]] void call_bad_array_length(const CallSite& site);

/// The nothrow forms, without a new-handler: null when there is no memory. `mangled_name` is the C++
/// runtime's own form of the caller, which knows how to catch what a new-handler throws.
[[nodiscard]] void* call_new_nothrow(Size size, Size alignment, const CallSite& site, const char* mangled_name);

/// The C++ runtime's own nothrow form, which calls the program's replacement of the basic one. Null if there is
/// no such runtime.
[[nodiscard]] void* call_cxx_new(Size size, Size alignment, const char* mangled_name);

}  // namespace fencepost::runtime
