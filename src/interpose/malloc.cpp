// The allocation functions of C and POSIX, and glibc's own.
#include <malloc.h>

#include <cstdio>

#include "base/export.h"
#include "interpose/call_site.h"
#include "runtime/heap_info.h"
#include "runtime/malloc_calls.h"

using fencepost::interpose::here;
using fencepost::record::Api;
namespace runtime = fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT void* malloc(size_t size) { return runtime::call_malloc(size, here(Api::malloc)); }

FENCEPOST_EXPORT void* calloc(size_t count, size_t size) {
  return runtime::call_calloc(count, size, here(Api::calloc));
}

FENCEPOST_EXPORT void* realloc(void* block, size_t size) {
  return runtime::call_realloc(block, size, here(Api::realloc));
}

FENCEPOST_EXPORT void* reallocarray(void* block, size_t count, size_t size) {
  return runtime::call_reallocarray(block, count, size, here(Api::reallocarray));
}

FENCEPOST_EXPORT void* aligned_alloc(size_t alignment, size_t size) {
  return runtime::call_memalign(alignment, size, here(Api::aligned_alloc));
}

FENCEPOST_EXPORT void* memalign(size_t alignment, size_t size) {
  return runtime::call_memalign(alignment, size, here(Api::memalign));
}

FENCEPOST_EXPORT int posix_memalign(void** result, size_t alignment, size_t size) {
  return runtime::call_posix_memalign(result, alignment, size, here(Api::posix_memalign));
}

FENCEPOST_EXPORT void* valloc(size_t size) { return runtime::call_valloc(size, false, here(Api::valloc)); }

FENCEPOST_EXPORT void* pvalloc(size_t size) { return runtime::call_valloc(size, true, here(Api::pvalloc)); }

FENCEPOST_EXPORT void free(void* block) { runtime::call_free(block, here(Api::free)); }

FENCEPOST_EXPORT void cfree(void* block) { runtime::call_free(block, here(Api::cfree)); }

FENCEPOST_EXPORT void free_sized(void* block, size_t size) {
  runtime::call_free(block, here(Api::free_sized), {.size = size});
}

FENCEPOST_EXPORT void free_aligned_sized(void* block, size_t alignment, size_t size) {
  runtime::call_free(block, here(Api::free_aligned_sized), {.size = size, .alignment = alignment});
}

FENCEPOST_EXPORT size_t malloc_usable_size(void* block) {
  return runtime::call_malloc_usable_size(block, here(Api::malloc_usable_size));
}

FENCEPOST_EXPORT struct mallinfo mallinfo() { return runtime::heap_info(); }

FENCEPOST_EXPORT struct mallinfo2 mallinfo2() { return runtime::heap_info2(); }

FENCEPOST_EXPORT void malloc_stats() { runtime::tell_heap_info(); }

FENCEPOST_EXPORT int malloc_info(int options, FILE* stream) { return runtime::write_heap_info(options, stream); }

/// Nothing here can be tuned, and unknown parameters are what mallopt(3) answers 1 to as well.
FENCEPOST_EXPORT int mallopt(int, int) { return 1; }

/// Freed memory goes back to the kernel at once: there is never anything to trim.
FENCEPOST_EXPORT int malloc_trim(size_t) { return 0; }

}  // extern "C"
