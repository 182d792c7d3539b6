#include "os/cxx_runtime.h"

#include "base/panic.h"
#include "os/libraries.h"

// libstdc++ and libc++ both export the second; the first is std::get_new_handler().
extern "C" {
[[gnu::weak]] fencepost::os::NewHandler _ZSt15get_new_handlerv() noexcept;
[[gnu::weak]] void _ZSt17__throw_bad_allocv();
[[gnu::weak]] void _ZSt28__throw_bad_array_new_lengthv();
}

namespace fencepost::os {

namespace {

constexpr const char* kRuntimes[] = {"libstdc++.so.6", "libc++.so.1"};

/// In a runtime that is loaded already, even if only a plug-in brought it and it is in nobody's global scope.
template <typename Function>
Function* in_loaded_runtime(const char* name, Function* linked) {
  if (linked != nullptr) return linked;
  return reinterpret_cast<Function*>(cxx_definition(name));
}

}  // namespace

void* cxx_definition(const char* mangled_name) {
  for (const char* const runtime : kRuntimes) {
    void* const library = find_loaded_library(runtime);
    if (library == nullptr) continue;
    if (void* const definition = find_symbol(library, mangled_name)) return definition;
  }
  return nullptr;
}

NewHandler current_new_handler() {
  const auto get = in_loaded_runtime("_ZSt15get_new_handlerv", &_ZSt15get_new_handlerv);
  return get == nullptr ? nullptr : get();
}

void throw_bad_alloc() {
  if (const auto throws = in_loaded_runtime("_ZSt17__throw_bad_allocv", &_ZSt17__throw_bad_allocv)) throws();
  panic("operator new has no memory, and the program has no C++ runtime to throw std::bad_alloc with");
}

void throw_bad_array_length() {
  const auto linked = &_ZSt28__throw_bad_array_new_lengthv;
  if (const auto throws = in_loaded_runtime("_ZSt28__throw_bad_array_new_lengthv", linked)) throws();
  using Throw = void (*)();
  if (void* const throws = cxx_definition("__cxa_throw_bad_array_new_length")) reinterpret_cast<Throw>(throws)();
  throw_bad_alloc();
}

}  // namespace fencepost::os
