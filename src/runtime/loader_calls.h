// Loading and unloading on the program's behalf.
#pragma once

namespace fencepost::runtime {

/// The loader's own dlopen, or one that always fails in a fully static program.
[[nodiscard]] void* (*next_dlopen())(const char*, int);

/// dlclose(3), after which traces name the modules that are gone as unloaded.
[[nodiscard]] int call_dlclose(void* handle);

}  // namespace fencepost::runtime
