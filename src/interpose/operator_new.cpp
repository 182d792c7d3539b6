// Every replaceable form of operator new and delete ([new.delete] of the C++ standard).
//
// A program may replace some of them. The standard's own definitions of the others then lead to its functions,
// and so do ours: the array forms, the sized and the nothrow ones ask whether the form that they are made of is
// still this one.
#include <algorithm>
#include <iterator>
#include <new>

#include "base/export.h"
#include "interpose/call_site.h"
#include "runtime/malloc_calls.h"
#include "runtime/private_operators.h"

using fencepost::Size;
using fencepost::interpose::here;
using fencepost::record::Api;
namespace runtime = fencepost::runtime;

namespace {

using New = void* (*)(std::size_t);
using AlignedNew = void* (*)(std::size_t, std::align_val_t);
using Delete = void (*)(void*) noexcept;
using AlignedDelete = void (*)(void*, std::align_val_t) noexcept;

// Second names for our own basic forms, which nobody can replace.
[[gnu::alias("_Znwm"), gnu::malloc, gnu::alloc_size(1)]] void* own_new(std::size_t);
[[gnu::alias("_ZnwmSt11align_val_t"), gnu::malloc, gnu::alloc_size(1)]] void* own_aligned_new(std::size_t,
                                                                                              std::align_val_t);
[[gnu::alias("_ZdlPv")]] void own_delete(void*) noexcept;
[[gnu::alias("_ZdlPvSt11align_val_t")]] void own_aligned_delete(void*, std::align_val_t) noexcept;

/// What the name stands for in this program, if that is not ours; else null.
template <typename Function>
Function replaced(Function named, Function own) {
  return named == own ? nullptr : named;
}
New replaced_new() { return replaced<New>(&::operator new, own_new); }
AlignedNew replaced_aligned_new() { return replaced<AlignedNew>(&::operator new, own_aligned_new); }
Delete replaced_delete() { return replaced<Delete>(&::operator delete, own_delete); }
AlignedDelete replaced_aligned_delete() { return replaced<AlignedDelete>(&::operator delete, own_aligned_delete); }

constexpr Size bytes(std::align_val_t alignment) { return static_cast<Size>(alignment); }

}  // namespace

// The basic forms.

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size) {
  return runtime::call_new(size, 0, here(Api::operator_new));
}

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size, std::align_val_t alignment) {
  return runtime::call_new(size, bytes(alignment), here(Api::aligned_operator_new));
}

FENCEPOST_EXPORT_WEAK void operator delete(void* block) noexcept {
  runtime::call_free(block, here(Api::operator_delete));
}

FENCEPOST_EXPORT_WEAK void operator delete(void* block, std::align_val_t alignment) noexcept {
  runtime::call_free(block, here(Api::aligned_operator_delete), {.alignment = bytes(alignment)});
}

// What is made of them.

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size) {
  if (const New program = replaced_new()) return program(size);
  return runtime::call_new(size, 0, here(Api::operator_new_array));
}

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size, std::align_val_t alignment) {
  if (const AlignedNew program = replaced_aligned_new()) return program(size, alignment);
  return runtime::call_new(size, bytes(alignment), here(Api::aligned_operator_new_array));
}

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  constexpr const char* kName = "_ZnwmRKSt9nothrow_t";
  if (replaced_new() != nullptr) return runtime::call_cxx_new(size, 0, kName);
  return runtime::call_new_nothrow(size, 0, here(Api::operator_new), kName);
}

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  constexpr const char* kName = "_ZnamRKSt9nothrow_t";
  if (replaced_new() != nullptr) return runtime::call_cxx_new(size, 0, kName);
  return runtime::call_new_nothrow(size, 0, here(Api::operator_new_array), kName);
}

FENCEPOST_EXPORT_WEAK void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  constexpr const char* kName = "_ZnwmSt11align_val_tRKSt9nothrow_t";
  if (replaced_aligned_new() != nullptr) return runtime::call_cxx_new(size, bytes(alignment), kName);
  return runtime::call_new_nothrow(size, bytes(alignment), here(Api::aligned_operator_new), kName);
}

FENCEPOST_EXPORT_WEAK void* operator new[](std::size_t size, std::align_val_t alignment,
                                           const std::nothrow_t&) noexcept {
  constexpr const char* kName = "_ZnamSt11align_val_tRKSt9nothrow_t";
  if (replaced_aligned_new() != nullptr) return runtime::call_cxx_new(size, bytes(alignment), kName);
  return runtime::call_new_nothrow(size, bytes(alignment), here(Api::aligned_operator_new_array), kName);
}

/// The same body for `operator delete` and `operator delete[]` with these further parameters, and what they say.
#define FENCEPOST_DELETE(form, api, parameters, ...)                       \
  FENCEPOST_EXPORT_WEAK void form parameters noexcept {                    \
    if (const Delete program = replaced_delete()) return program(block);   \
    runtime::call_free(block, here(api), runtime::Statement{__VA_ARGS__}); \
  }
#define FENCEPOST_ALIGNED_DELETE(form, api, parameters, ...)                                       \
  FENCEPOST_EXPORT_WEAK void form parameters noexcept {                                            \
    if (const AlignedDelete program = replaced_aligned_delete()) return program(block, alignment); \
    runtime::call_free(block, here(api), runtime::Statement{__VA_ARGS__});                         \
  }

FENCEPOST_EXPORT_WEAK void operator delete[](void* block) noexcept {
  if (const Delete program = replaced_delete()) return program(block);
  runtime::call_free(block, here(Api::operator_delete_array));
}

FENCEPOST_DELETE(operator delete, Api::operator_delete, (void* block, std::size_t size), .size = size)
FENCEPOST_DELETE(operator delete[], Api::operator_delete_array, (void* block, std::size_t size), .size = size)
FENCEPOST_DELETE(operator delete, Api::operator_delete, (void* block, const std::nothrow_t&))
FENCEPOST_DELETE(operator delete[], Api::operator_delete_array, (void* block, const std::nothrow_t&))
FENCEPOST_ALIGNED_DELETE(operator delete[], Api::aligned_operator_delete_array,
                         (void* block, std::align_val_t alignment), .alignment = bytes(alignment))
FENCEPOST_ALIGNED_DELETE(operator delete, Api::aligned_operator_delete,
                         (void* block, std::size_t size, std::align_val_t alignment), .size = size,
                         .alignment = bytes(alignment))
FENCEPOST_ALIGNED_DELETE(operator delete[], Api::aligned_operator_delete_array,
                         (void* block, std::size_t size, std::align_val_t alignment), .size = size,
                         .alignment = bytes(alignment))
FENCEPOST_ALIGNED_DELETE(operator delete, Api::aligned_operator_delete,
                         (void* block, std::align_val_t alignment, const std::nothrow_t&),
                         .alignment = bytes(alignment))
FENCEPOST_ALIGNED_DELETE(operator delete[], Api::aligned_operator_delete_array,
                         (void* block, std::align_val_t alignment, const std::nothrow_t&),
                         .alignment = bytes(alignment))

#undef FENCEPOST_DELETE
#undef FENCEPOST_ALIGNED_DELETE

// What compilers call instead of operator new[] for arrays larger than there can be.
extern "C" FENCEPOST_EXPORT_WEAK [[noreturn]] void __cxa_throw_bad_array_new_length() {
  runtime::call_bad_array_length(here(Api::operator_new_array));
}

// All forms by name, and what the names stand for.

namespace {

struct Form {
  fencepost::Address own;
  fencepost::Address named;
};

#define FENCEPOST_FORMS(form)                                                                                         \
  form(_Znwm) form(_Znam) form(_ZnwmRKSt9nothrow_t) form(_ZnamRKSt9nothrow_t) form(_ZnwmSt11align_val_t)              \
      form(_ZnamSt11align_val_t) form(_ZnwmSt11align_val_tRKSt9nothrow_t) form(_ZnamSt11align_val_tRKSt9nothrow_t)    \
          form(_ZdlPv) form(_ZdaPv) form(_ZdlPvm) form(_ZdaPvm) form(_ZdlPvRKSt9nothrow_t) form(_ZdaPvRKSt9nothrow_t) \
              form(_ZdlPvSt11align_val_t) form(_ZdaPvSt11align_val_t) form(_ZdlPvmSt11align_val_t)                    \
                  form(_ZdaPvmSt11align_val_t) form(_ZdlPvSt11align_val_tRKSt9nothrow_t)                              \
                      form(_ZdaPvSt11align_val_tRKSt9nothrow_t)

// Second names for ours, and the names themselves. By the assembler, because their types are of no matter here.
#define FENCEPOST_DECLARE(name)                                               \
  asm(".set fencepost_own" #name ", " #name "\n.hidden fencepost_own" #name); \
  extern "C" [[gnu::visibility("hidden")]] void fencepost_own##name();        \
  extern "C" void fencepost_named##name() asm(#name);
FENCEPOST_FORMS(FENCEPOST_DECLARE)
#undef FENCEPOST_DECLARE

#define FENCEPOST_FORM(name)                                       \
  Form{reinterpret_cast<fencepost::Address>(&fencepost_own##name), \
       reinterpret_cast<fencepost::Address>(&fencepost_named##name)},

}  // namespace

bool runtime::operators_are_replaced() {
  constexpr auto is_replaced = [](const Form& form) { return form.own != form.named; };
  const Form forms[] = {FENCEPOST_FORMS(FENCEPOST_FORM)};
  return std::any_of(std::begin(forms), std::end(forms), is_replaced);
}

#undef FENCEPOST_FORM
#undef FENCEPOST_FORMS
