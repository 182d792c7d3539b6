// Every replaceable form of operator new and delete ([new.delete] of the C++ standard).
#include <new>

#include "base/export.h"
#include "interpose/call_site.h"
#include "runtime/malloc_calls.h"

using fencepost::Size;
using fencepost::interpose::here;
using fencepost::record::Api;
namespace runtime = fencepost::runtime;

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size) { return runtime::call_new(size, 0, here(Api::operator_new)); }

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size) {
  return runtime::call_new(size, 0, here(Api::operator_new_array));
}

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size, std::align_val_t alignment) {
  return runtime::call_new(size, static_cast<Size>(alignment), here(Api::operator_new));
}

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size, std::align_val_t alignment) {
  return runtime::call_new(size, static_cast<Size>(alignment), here(Api::operator_new_array));
}

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return runtime::call_new_nothrow(size, 0, here(Api::operator_new), "_ZnwmRKSt9nothrow_t");
}

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return runtime::call_new_nothrow(size, 0, here(Api::operator_new_array), "_ZnamRKSt9nothrow_t");
}

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return runtime::call_new_nothrow(size, static_cast<Size>(alignment), here(Api::operator_new),
                                   "_ZnwmSt11align_val_tRKSt9nothrow_t");
}

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return runtime::call_new_nothrow(size, static_cast<Size>(alignment), here(Api::operator_new_array),
                                   "_ZnamSt11align_val_tRKSt9nothrow_t");
}

#define FENCEPOST_DELETE(...) \
  FENCEPOST_EXPORT_WEAK void operator delete(void* block, __VA_ARGS__) noexcept { \
    runtime::call_free(block, here(Api::operator_delete)); \
  } \
  FENCEPOST_EXPORT_WEAK void operator delete[](void* block, __VA_ARGS__) noexcept { \
    runtime::call_free(block, here(Api::operator_delete_array)); \
  }

FENCEPOST_EXPORT_WEAK void operator delete(void* block) noexcept { runtime::call_free(block, here(Api::operator_delete)); }
FENCEPOST_EXPORT_WEAK void operator delete[](void* block) noexcept {
  runtime::call_free(block, here(Api::operator_delete_array));
}
FENCEPOST_DELETE(std::size_t)
FENCEPOST_DELETE(std::align_val_t)
FENCEPOST_DELETE(std::size_t, std::align_val_t)
FENCEPOST_DELETE(const std::nothrow_t&)
FENCEPOST_DELETE(std::align_val_t, const std::nothrow_t&)

#undef FENCEPOST_DELETE
