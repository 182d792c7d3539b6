#include "runtime/malloc_calls.h"

#include <bit>
#include <cerrno>
#include <cstdint>
#include <new>

#include "base/align.h"
#include "os/cxx_runtime.h"

namespace fencepost::runtime {

namespace {

bool multiply(Size count, Size size, Size& total, const CallSite& site) {
  if (!__builtin_mul_overflow(count, size, &total)) return true;
  instance().refuse_size(count, size, site);
  errno = ENOMEM;
  return false;
}

/// As libstdc++ has it: no new-handler can help.
bool can_align(Size alignment, Size size, const CallSite& site) {
  const record::Family family = record::family(site.api);
  const bool is_aligned_form = family == record::Family::aligned_scalar || family == record::Family::aligned_array;
  if (!is_aligned_form || is_power_of_two(alignment)) return true;
  instance().refuse_alignment(alignment, size, site);
  return false;
}

void* allocate(Size size, Size alignment, const CallSite& site) {
  return instance().allocate({.size = size, .alignment = alignment}, site);
}

}  // namespace

void* call_malloc(Size size, const CallSite& site) { return allocate(size, 0, site); }

void* call_calloc(Size count, Size size, const CallSite& site) {
  Size total = 0;
  if (!multiply(count, size, total, site)) return nullptr;
  return instance().allocate({.size = total, .alignment = 0, .contents = heap::Contents::zero}, site);
}

void* call_realloc(void* old, Size size, const CallSite& site) {
  if (old == nullptr) return allocate(size, 0, site);
  if (size != 0) return instance().reallocate(old, size, site);
  instance().deallocate(old, site);
  return nullptr;
}

void* call_reallocarray(void* old, Size count, Size size, const CallSite& site) {
  Size total = 0;
  return multiply(count, size, total, site) ? call_realloc(old, total, site) : nullptr;
}

void* call_memalign(Size alignment, Size size, const CallSite& site) {
  if (!is_power_of_two(alignment)) instance().refuse_alignment(alignment, size, site);
  if (alignment > SIZE_MAX / 2 + 1) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate(size, std::bit_ceil(alignment == 0 ? Size{1} : alignment), site);
}

int call_posix_memalign(void** result, Size alignment, Size size, const CallSite& site) {
  if (!is_power_of_two(alignment) || alignment % sizeof(void*) != 0) {
    instance().refuse_alignment(alignment, size, site);
    return EINVAL;
  }
  const int saved = errno;
  void* const block = allocate(size, alignment, site);
  errno = saved;
  if (block == nullptr) return ENOMEM;
  *result = block;
  return 0;
}

void* call_valloc(Size size, bool whole_pages, const CallSite& site) {
  if (size > static_cast<Size>(PTRDIFF_MAX)) {
    instance().refuse_size(1, size, site);
    errno = ENOMEM;
    return nullptr;
  }
  return allocate(whole_pages ? align_up(size, kPageSize) : size, kPageSize, site);
}

void call_free(void* block, const CallSite& site, const Statement& statement) {
  if (block != nullptr) instance().deallocate(block, site, statement);
}

Size call_malloc_usable_size(const void* block, const CallSite& site) {
  return block == nullptr ? 0 : instance().usable_size(block, site);
}

void* call_new(Size size, Size alignment, const CallSite& site) {
  if (!can_align(alignment, size, site)) os::throw_bad_alloc();
  for (;;) {
    if (void* const block = allocate(size, alignment, site)) return block;
    const os::NewHandler handler = os::current_new_handler();
    if (handler == nullptr) os::throw_bad_alloc();
    handler();
  }
}

void call_bad_array_length(const CallSite& site) {
  instance().refuse_size(0, 0, site);
  os::throw_bad_array_length();
}

void* call_cxx_new(Size size, Size alignment, const char* mangled_name) {
  void* const definition = os::cxx_definition(mangled_name);
  if (definition == nullptr) return nullptr;
  if (alignment == 0) {
    return reinterpret_cast<void* (*)(Size, const std::nothrow_t&)>(definition)(size, std::nothrow_t{});
  }
  using Aligned = void* (*)(Size, std::align_val_t, const std::nothrow_t&);
  return reinterpret_cast<Aligned>(definition)(size, std::align_val_t{alignment}, std::nothrow_t{});
}

void* call_new_nothrow(Size size, Size alignment, const CallSite& site, const char* mangled_name) {
  if (!can_align(alignment, size, site)) return nullptr;
  if (void* const block = allocate(size, alignment, site)) return block;
  return os::current_new_handler() == nullptr ? nullptr : call_cxx_new(size, alignment, mangled_name);
}

}  // namespace fencepost::runtime
