#include "os/next_allocator.h"

extern "C" {
[[gnu::weak]] void* __libc_malloc(std::size_t);
[[gnu::weak]] void* __libc_calloc(std::size_t, std::size_t);
[[gnu::weak]] void* __libc_memalign(std::size_t, std::size_t);
[[gnu::weak]] void* __libc_realloc(void*, std::size_t);
[[gnu::weak]] void __libc_free(void*);
}

namespace fencepost::os {

void* next_malloc(Size size) { return __libc_malloc == nullptr ? nullptr : __libc_malloc(size); }

void* next_calloc(Size size) { return __libc_calloc == nullptr ? nullptr : __libc_calloc(1, size); }

void* next_memalign(Size alignment, Size size) {
  return __libc_memalign == nullptr ? nullptr : __libc_memalign(alignment, size);
}

void* next_realloc(void* pointer, Size size) {
  // For 0 bytes glibc frees the block.
  return __libc_realloc == nullptr ? nullptr : __libc_realloc(pointer, size == 0 ? 1 : size);
}

void next_free(void* pointer) {
  if (__libc_free != nullptr) __libc_free(pointer);
}

}  // namespace fencepost::os
