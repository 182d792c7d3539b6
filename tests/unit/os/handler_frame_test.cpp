#include "os/handler_frame.h"

#include <ucontext.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "os/attempt.h"
#include "os/pages.h"
#include "os/signals.h"
#include "support.h"

using namespace fencepost;

namespace {

alignas(16) char signal_stack[64 << 10];

bool on_signal_stack(const void* address) {
  return address >= signal_stack && address < signal_stack + sizeof signal_stack;
}

struct Seen {
  int calls = 0;
  int signal = 0;
  Address fault = 0;
  bool right_stack = false;
  bool blocked = false;
  bool usr1_blocked = false;
};

Seen seen;
bool moved = false;
struct sigaction inner_action {};
Range closed;

bool is_blocked(int signal) {
  sigset_t now;
  sigprocmask(SIG_SETMASK, nullptr, &now);
  return sigismember(&now, signal) == 1;
}

/// The program's: opens the page and returns.
void inner(int signal, siginfo_t* info, void* context) {
  char here;
  const volatile double spoilt = static_cast<double>(signal) * 0.5;  // what the interrupted code holds in registers
  seen = {seen.calls + 1,
          signal,
          test::address_of(info->si_addr),
          !on_signal_stack(&here) && !on_signal_stack(info) && !on_signal_stack(context) && spoilt > 0,
          is_blocked(signal),
          is_blocked(SIGUSR1)};
  if (!os::open_pages(closed)) _exit(1);
}

void outer(int signal, siginfo_t* info, void* context) {
  char here;
  if (os::attempting()) return os::give_up_attempt(context);
  if (!on_signal_stack(&here) || os::is_below_interrupted(context)) _exit(2);
  moved = os::continue_in_handler(signal, info, context, inner_action);
  if (!moved) _exit(7);
}

void prepare(int flags) {
  closed = os::reserve(kPageSize);
  inner_action.sa_sigaction = inner;
  inner_action.sa_flags = flags;
  sigaddset(&inner_action.sa_mask, SIGUSR1);
  os::set_alternate_stack({test::address_of(signal_stack), test::address_of(signal_stack) + sizeof signal_stack});
  if (!os::install_handler(SIGSEGV, outer)) _exit(3);
}

/// A store where there is nothing, by a thread whose stack pointer is there too.
void store_on_stack_at(Address address) {
#if defined(__x86_64__)
  asm volatile("movq %0, %%rsp\n\tmovb $1, (%0)" : : "r"(address) : "memory");
#else
  static_cast<void>(address);
#endif
}

}  // namespace

TEST_CASE("a handler goes on where the thread was interrupted, and returns there", "[os]") {
  if (!os::can_continue_in_handler()) return;
  const bool blocks = GENERATE(true, false);
  CHECK(test::in_child([&] {
          prepare(blocks ? SA_SIGINFO : SA_SIGINFO | SA_NODEFER);
          for (int turn = 1; turn <= 3; ++turn) {
            volatile double kept = 1.25 * turn;
            test::byte_at(closed.begin + 5) = 1;
            if (kept != 1.25 * turn || seen.calls != turn || seen.signal != SIGSEGV) _exit(4);
            if (seen.fault != closed.begin + 5 || !seen.right_stack || seen.blocked != blocks || !seen.usr1_blocked)
              _exit(5);
            if (is_blocked(SIGSEGV) || is_blocked(SIGUSR1)) _exit(6);
            if (!os::replace_by_reservation(closed)) _exit(8);
          }
          _exit(0);
        }).exited_with(0));
}

TEST_CASE("there is no going on where there is no room for a frame", "[os]") {
  if (!os::can_continue_in_handler()) return;
  CHECK(test::in_child([&] {
          prepare(SA_SIGINFO);
          store_on_stack_at(closed.begin + 64);
          _exit(0);
        }).exited_with(7));
}
