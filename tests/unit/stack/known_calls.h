// A call chain whose return addresses are known, to compare traces with.
#pragma once

#include <ucontext.h>

#include <algorithm>
#include <vector>

#include "stack/frame_rule.h"
#include "support.h"

namespace fencepost::test {

struct KnownCalls {
  std::vector<Address> expected;  ///< return addresses into middle and outer, and of outer
  std::vector<Address> captured;
  stack::Frame caller;  ///< of the function that captures: the first of `expected`

  /// Whether the captured frames hold the expected ones, one right after the other.
  [[nodiscard]] bool in_order() const {
    return std::search(captured.begin(), captured.end(), expected.begin(), expected.end()) != captured.end();
  }
};

using Capture = void (*)(KnownCalls&);

/// What a function that was called with a frame pointer knows of its caller.
[[gnu::always_inline]] inline stack::Frame caller_of_this() {
  const Address frame = address_of(__builtin_frame_address(0));
  return {address_of(__builtin_return_address(0)), frame + 2 * sizeof(Address),
          *reinterpret_cast<const Address*>(frame)};
}

namespace detail {

[[gnu::noinline]] inline void inner(KnownCalls& calls, Capture capture) {
  calls.caller = caller_of_this();
  calls.expected.push_back(calls.caller.pc);
  capture(calls);
  asm volatile("" ::: "memory");
}

[[gnu::noinline]] inline void middle(KnownCalls& calls, Capture capture) {
  inner(calls, capture);
  calls.expected.push_back(address_of(__builtin_return_address(0)));
  asm volatile("" ::: "memory");
}

[[gnu::noinline]] inline void outer(KnownCalls& calls, Capture capture) {
  calls.expected.clear();
  middle(calls, capture);
  calls.expected.push_back(address_of(__builtin_return_address(0)));
  asm volatile("" ::: "memory");
}

}  // namespace detail

/// Calls `capture` below outer → middle → inner. All calls of this function have the same return addresses.
[[gnu::noinline]] inline void call_known_functions(KnownCalls& calls, Capture capture) {
  detail::outer(calls, capture);
  asm volatile("" ::: "memory");
}

[[nodiscard]] inline KnownCalls call_known_functions(Capture capture) {
  KnownCalls calls;
  call_known_functions(calls, capture);
  return calls;
}

#if defined(__x86_64__)
[[nodiscard]] inline Address pc_of(const ucontext_t& context) {
  return static_cast<Address>(context.uc_mcontext.gregs[REG_RIP]);
}
inline void set_frame_pointer(ucontext_t& context, Address value) {
  context.uc_mcontext.gregs[REG_RBP] = static_cast<greg_t>(value);
}
inline void set_stack_pointer(ucontext_t& context, Address value) {
  context.uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(value);
}
#elif defined(__aarch64__)
[[nodiscard]] inline Address pc_of(const ucontext_t& context) { return context.uc_mcontext.pc; }
inline void set_frame_pointer(ucontext_t& context, Address value) { context.uc_mcontext.regs[29] = value; }
inline void set_stack_pointer(ucontext_t& context, Address value) { context.uc_mcontext.sp = value; }
#endif

}  // namespace fencepost::test
