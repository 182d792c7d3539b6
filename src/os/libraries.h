// Shared libraries, opened and searched past our own interposed dlopen.
#pragma once

namespace fencepost::os {

/// The definition of a libc function behind our own; null in a fully static program.
/// Context: not in a signal handler.
[[nodiscard]] void* next_definition(const char* name);

/// True when the loader may be called: libc has been set up, and the list of modules is not being changed.
/// Context: anywhere.
[[nodiscard]] bool loader_is_idle();

/// Loads a library so that none of its symbols reach anybody else, or finds it if it is loaded. Null if it
/// is not to be had, or in a fully static program. Context: start-up; takes the loader's lock, allocates.
[[nodiscard]] void* open_library(const char* name);

/// The library if it is loaded already, or null. Context: not in a signal handler.
[[nodiscard]] void* find_loaded_library(const char* name);

/// A symbol of a library that was opened or found, or null.
[[nodiscard]] void* find_symbol(void* library, const char* name);

}  // namespace fencepost::os
