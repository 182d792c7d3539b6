// The functions that end the process without its destructors, which would tell of findings.
#include <unistd.h>

#include <cstdlib>

#include "base/export.h"
#include "runtime/exit_calls.h"

extern "C" {

FENCEPOST_EXPORT void _exit(int status) { fencepost::runtime::call_exit_at_once(status); }

FENCEPOST_EXPORT void _Exit(int status) noexcept { fencepost::runtime::call_exit_at_once(status); }

}  // extern "C"
