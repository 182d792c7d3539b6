// The entry points through which a program reaches the heap, by the names that reports use.
#pragma once

#include <cstdint>
#include <string_view>

namespace fencepost::record {

enum class Api : std::uint8_t {
  none,
  malloc,
  calloc,
  realloc,
  reallocarray,
  aligned_alloc,
  memalign,
  posix_memalign,
  valloc,
  pvalloc,
  operator_new,
  operator_new_array,
  aligned_operator_new,
  aligned_operator_new_array,
  free,
  cfree,
  free_sized,
  free_aligned_sized,
  operator_delete,
  operator_delete_array,
  aligned_operator_delete,
  aligned_operator_delete_array,
  malloc_usable_size,
  check_all,
  exit,
  thread_exit,
};

/// The name as a programmer writes it, for example "operator new[]".
[[nodiscard]] constexpr std::string_view name(Api api) {
  switch (api) {
    case Api::none: return "an unknown function";
    case Api::malloc: return "malloc";
    case Api::calloc: return "calloc";
    case Api::realloc: return "realloc";
    case Api::reallocarray: return "reallocarray";
    case Api::aligned_alloc: return "aligned_alloc";
    case Api::memalign: return "memalign";
    case Api::posix_memalign: return "posix_memalign";
    case Api::valloc: return "valloc";
    case Api::pvalloc: return "pvalloc";
    case Api::operator_new: return "operator new";
    case Api::operator_new_array: return "operator new[]";
    case Api::aligned_operator_new: return "aligned operator new";
    case Api::aligned_operator_new_array: return "aligned operator new[]";
    case Api::free: return "free";
    case Api::cfree: return "cfree";
    case Api::free_sized: return "free_sized";
    case Api::free_aligned_sized: return "free_aligned_sized";
    case Api::operator_delete: return "operator delete";
    case Api::operator_delete_array: return "operator delete[]";
    case Api::aligned_operator_delete: return "aligned operator delete";
    case Api::aligned_operator_delete_array: return "aligned operator delete[]";
    case Api::malloc_usable_size: return "malloc_usable_size";
    case Api::check_all: return "fencepost_check_all";
    case Api::exit: return "exit";
    case Api::thread_exit: return "thread exit";
  }
  return "an unknown function";
}

/// The end of the process or of a thread, which finds what was done long before.
[[nodiscard]] constexpr bool is_end(Api api) { return api == Api::exit || api == Api::thread_exit; }

/// What one function of a family allocates, another one of it frees.
enum class Family : std::uint8_t { none, c, scalar, array, aligned_scalar, aligned_array };

[[nodiscard]] constexpr Family family(Api api) {
  switch (api) {
    case Api::malloc:
    case Api::calloc:
    case Api::realloc:
    case Api::reallocarray:
    case Api::aligned_alloc:
    case Api::memalign:
    case Api::posix_memalign:
    case Api::valloc:
    case Api::pvalloc:
    case Api::free:
    case Api::cfree:
    case Api::free_sized:
    case Api::free_aligned_sized: return Family::c;
    case Api::operator_new:
    case Api::operator_delete: return Family::scalar;
    case Api::operator_new_array:
    case Api::operator_delete_array: return Family::array;
    case Api::aligned_operator_new:
    case Api::aligned_operator_delete: return Family::aligned_scalar;
    case Api::aligned_operator_new_array:
    case Api::aligned_operator_delete_array: return Family::aligned_array;
    case Api::none:
    case Api::malloc_usable_size:
    case Api::check_all:
    case Api::exit:
    case Api::thread_exit: break;
  }
  return Family::none;
}

/// The C functions that take an alignment. C23 lets free_aligned_sized have their blocks, but not free_sized.
[[nodiscard]] constexpr bool aligns(Api api) {
  switch (api) {
    case Api::aligned_alloc:
    case Api::memalign:
    case Api::posix_memalign:
    case Api::valloc:
    case Api::pvalloc: return true;
    default: return false;
  }
}

/// The function that a block allocated with `api` is to be freed with, as a programmer writes it.
[[nodiscard]] constexpr std::string_view release_name(Api api) {
  switch (family(api)) {
    case Family::c: return name(Api::free);
    case Family::scalar: return name(Api::operator_delete);
    case Family::array: return name(Api::operator_delete_array);
    case Family::aligned_scalar: return name(Api::aligned_operator_delete);
    case Family::aligned_array: return name(Api::aligned_operator_delete_array);
    case Family::none: break;
  }
  return name(Api::none);
}

}  // namespace fencepost::record
