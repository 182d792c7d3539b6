// Code that may fault, and a way back if it does.
#pragma once

#include "base/types.h"

namespace fencepost::os {

namespace detail {

struct ReturnPoint {
  void* buffer[5];
  ReturnPoint* outer;
};

// initial-exec: reading it must never call the loader, which may allocate.
extern constinit thread_local ReturnPoint* innermost_return_point [[gnu::tls_model("initial-exec")]];

template <typename Body>
void run(void* body) {
  (*static_cast<Body*>(body))();
}

}  // namespace detail

/// Runs `body`, and comes back with false if an instruction in it faults. `body` must hold no lock and own
/// nothing, because it may end anywhere; what it writes through references stays written.
/// Context: anywhere, once the fault handler is installed.
template <typename Body>
[[gnu::noinline]] bool attempt(Body&& body) {
  detail::ReturnPoint point;
  point.outer = detail::innermost_return_point;
  if (__builtin_setjmp(point.buffer) != 0) {
    detail::innermost_return_point = detail::innermost_return_point->outer;
    return false;
  }
  detail::innermost_return_point = &point;
  // Only from a call that it can't see into does a compiler expect to come back the other way.
  auto run_body = [&body] { body(); };
  void (*volatile call)(void*) = detail::run<decltype(run_body)>;
  call(&run_body);
  detail::innermost_return_point = point.outer;
  return true;
}

/// True while the calling thread is inside `attempt`. Context: anywhere.
[[nodiscard]] bool attempting();
/// True if the fault has a way out: it is inside `attempt`, or in words_are. Context: signal.
[[nodiscard]] bool may_give_up(const void* signal_context);

/// Makes the interrupted thread take it. Context: signal, if it may give up.
void give_up_attempt(void* signal_context);

}  // namespace fencepost::os
