#include "os/attempt.h"

#include "os/fault_context.h"

namespace fencepost::os {

namespace detail {
constinit thread_local ReturnPoint* innermost_return_point = nullptr;
}

namespace {

[[noreturn]] void return_to_attempt() { __builtin_longjmp(detail::innermost_return_point->buffer, 1); }

}  // namespace

bool attempting() { return detail::innermost_return_point != nullptr; }

void give_up_attempt(void* signal_context) { continue_in(signal_context, return_to_attempt); }

}  // namespace fencepost::os
