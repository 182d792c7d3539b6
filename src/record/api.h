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
  free,
  cfree,
  free_sized,
  free_aligned_sized,
  operator_delete,
  operator_delete_array,
  malloc_usable_size,
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
    case Api::free: return "free";
    case Api::cfree: return "cfree";
    case Api::free_sized: return "free_sized";
    case Api::free_aligned_sized: return "free_aligned_sized";
    case Api::operator_delete: return "operator delete";
    case Api::operator_delete_array: return "operator delete[]";
    case Api::malloc_usable_size: return "malloc_usable_size";
    case Api::exit: return "exit";
    case Api::thread_exit: return "thread exit";
  }
  return "an unknown function";
}

}  // namespace fencepost::record
