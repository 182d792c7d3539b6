#include "os/signals.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "os/process.h"
#include "support.h"

using namespace fencepost;

namespace {

alignas(kPageSize) char signal_stack[64 << 10];

Range signal_stack_range() {
  const Address begin = test::address_of(signal_stack);
  return {begin, begin + sizeof signal_stack};
}

void leave_if_on_signal_stack(int, siginfo_t*, void*) {
  const char here = 0;
  _exit(signal_stack_range().contains(test::address_of(&here)) ? 7 : 8);
}

}  // namespace

TEST_CASE("a handler runs on the alternate stack once there is one", "[os]") {
  CHECK(test::in_child([] {
          if (os::install_handler(SIGUSR1, leave_if_on_signal_stack)) os::raise_here(SIGUSR1);
        }).exited_with(8));
  CHECK(test::in_child([] {
          os::set_alternate_stack(signal_stack_range());
          if (os::install_handler(SIGUSR1, leave_if_on_signal_stack)) os::raise_here(SIGUSR1);
        }).exited_with(7));
}

TEST_CASE("an empty range takes the alternate stack away", "[os]") {
  CHECK(test::holds_in_child([] {
    stack_t now{};
    os::set_alternate_stack(signal_stack_range());
    const bool was_set = os::kernel_sigaltstack(nullptr, &now) == 0 && now.ss_sp == signal_stack;
    os::set_alternate_stack({});
    return was_set && os::kernel_sigaltstack(nullptr, &now) == 0 && (now.ss_flags & SS_DISABLE) != 0;
  }));
}

TEST_CASE("a handler of ours blocks nothing meanwhile", "[os]") {
  CHECK(test::holds_in_child([] {
    struct sigaction now {};
    static_cast<void>(os::install_handler(SIGUSR1, leave_if_on_signal_stack));
    os::kernel_sigaction(SIGUSR1, nullptr, &now);
    return (now.sa_flags & SA_NODEFER) != 0 && (now.sa_flags & SA_SIGINFO) != 0 && sigisemptyset(&now.sa_mask);
  }));
}

TEST_CASE("a handler can't be installed for a signal that has none", "[os]") {
  CHECK_FALSE(os::install_handler(SIGKILL, leave_if_on_signal_stack));
}

TEST_CASE("the default action comes back", "[os]") {
  CHECK(test::in_child([] {
          static_cast<void>(os::install_handler(SIGUSR1, leave_if_on_signal_stack));
          os::restore_default_action(SIGUSR1);
          os::raise_here(SIGUSR1);
        }).died_of(SIGUSR1));
}

TEST_CASE("a blocked signal waits until it is unblocked", "[os]") {
  CHECK(test::in_child([] {
          sigset_t set;
          sigemptyset(&set);
          sigaddset(&set, SIGUSR1);
          if (os::kernel_sigprocmask(SIG_BLOCK, &set, nullptr) != 0) _exit(1);
          os::raise_here(SIGUSR1);
          os::unblock_signal(SIGUSR1);
          _exit(2);
        }).died_of(SIGUSR1));
}

TEST_CASE("kernel_sigprocmask returns its error and leaves errno alone", "[os]") {
  sigset_t set;
  sigemptyset(&set);
  errno = EDOM;
  CHECK(os::kernel_sigprocmask(99, &set, nullptr) == EINVAL);
  CHECK(errno == EDOM);
}

TEST_CASE("all signals but the faults wait for the end of the scope", "[os]") {
  CHECK(test::holds_in_child([] {
    static volatile sig_atomic_t came = 0;
    signal(SIGUSR1, [](int) { came = 1; });
    bool waited = false;
    sigset_t before{}, after{}, now{};
    static_cast<void>(os::kernel_sigprocmask(SIG_BLOCK, nullptr, &before));
    {
      const os::AllSignalsBlocked blocked;
      static_cast<void>(os::kernel_sigprocmask(SIG_BLOCK, nullptr, &now));
      raise(SIGUSR1);
      waited = came == 0 && sigismember(&now, SIGSEGV) == 0 && sigismember(&now, SIGBUS) == 0;
    }
    static_cast<void>(os::kernel_sigprocmask(SIG_BLOCK, nullptr, &after));
    return waited && came == 1 && sigismember(&after, SIGUSR1) == sigismember(&before, SIGUSR1);
  }));
}
