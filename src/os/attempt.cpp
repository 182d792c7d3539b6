#include "os/attempt.h"

#include "os/fault_context.h"
#include "os/words.h"

namespace fencepost::os {

namespace detail {
constinit thread_local ReturnPoint* innermost_return_point = nullptr;
}

namespace {

[[noreturn]] void return_to_attempt() { __builtin_longjmp(detail::innermost_return_point->buffer, 1); }

}  // namespace

bool attempting() { return detail::innermost_return_point != nullptr; }

bool may_give_up(const void* signal_context) {
  return attempting() || is_in_words_are(program_counter(signal_context));
}

void give_up_attempt(void* signal_context) {
  const bool is_comparison = is_in_words_are(program_counter(signal_context));
  if (is_comparison) return continue_at(signal_context, way_out_of_words_are());
  continue_in(signal_context, return_to_attempt);
}

}  // namespace fencepost::os
