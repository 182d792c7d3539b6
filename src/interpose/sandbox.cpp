// The functions by which a program sets filters of system calls for itself.
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

#include "base/export.h"
#include "runtime/sandbox_calls.h"

namespace runtime = fencepost::runtime;
using fencepost::Address;

extern "C" {

FENCEPOST_EXPORT int prctl(int operation, ...) noexcept {
  va_list list;
  va_start(list, operation);
  Address arguments[6] = {static_cast<Address>(operation)};
  for (int i = 1; i < 5; ++i) arguments[i] = va_arg(list, Address);
  va_end(list);
  return static_cast<int>(runtime::call_filtering(SYS_prctl, arguments));
}

FENCEPOST_EXPORT long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  Address arguments[6];
  for (Address& argument : arguments) argument = va_arg(list, Address);
  va_end(list);
  return runtime::call_filtering(number, arguments);
}

}  // extern "C"
