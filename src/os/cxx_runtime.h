// The program's C++ runtime, found when it is needed: we link none.
#pragma once

#include "base/types.h"

namespace fencepost::os {

using NewHandler = void (*)();

/// std::get_new_handler(), or null if the program has no C++ runtime or no handler.
/// Context: operator new, no lock held.
[[nodiscard]] NewHandler current_new_handler();

/// Throws std::bad_alloc by the program's own C++ runtime; without one, says so and aborts.
/// No object with a destructor may be alive in our frames. Context: operator new.
[[noreturn]] void throw_bad_alloc();

/// Throws std::bad_array_new_length likewise, or std::bad_alloc if the runtime is too old to tell them apart.
[[noreturn]] void throw_bad_array_length();

/// The C++ runtime's own definition of a nothrow operator new, by its mangled name, or null. It calls the
/// throwing one, which is ours, and turns what that or the new-handler throws into null.
[[nodiscard]] void* cxx_definition(const char* mangled_name);

}  // namespace fencepost::os
