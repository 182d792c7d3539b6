#include "os/libraries.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

// Weak: a fully static program that does not use it should not be made to link it.
extern "C" [[gnu::weak]] void* dlsym(void*, const char*) noexcept;

namespace fencepost::os {

namespace {

using Open = void* (*)(const char*, int);

void* open(const char* name, int mode) {
  const auto next = reinterpret_cast<Open>(next_definition("dlopen"));
  return next == nullptr ? nullptr : next(name, mode);
}

}  // namespace

void* next_definition(const char* name) { return find_symbol(RTLD_NEXT, name); }

bool loader_is_idle() { return environ != nullptr && _r_debug.r_state == r_debug::RT_CONSISTENT; }

void* open_library(const char* name) { return open(name, RTLD_NOW | RTLD_LOCAL); }

void* find_loaded_library(const char* name) { return open(name, RTLD_LAZY | RTLD_NOLOAD); }

void* find_symbol(void* library, const char* name) { return dlsym == nullptr ? nullptr : dlsym(library, name); }

}  // namespace fencepost::os
