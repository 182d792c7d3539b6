// Loading and unloading modules.
#include <dlfcn.h>

#include "base/export.h"
#include "runtime/loader_calls.h"

extern "C" {

/// RTLD_DEEPBIND would give the module libc's malloc beside ours, and blocks would cross between the two.
/// The call must stay a jump: the loader takes its caller's module from the return address, for $ORIGIN and
/// RUNPATH.
FENCEPOST_EXPORT void* dlopen(const char* file, int mode) noexcept {
  return fencepost::runtime::next_dlopen()(file, mode & ~RTLD_DEEPBIND);
}

FENCEPOST_EXPORT int dlclose(void* handle) noexcept { return fencepost::runtime::call_dlclose(handle); }

}  // extern "C"
