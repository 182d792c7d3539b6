#include "os/fork_flag.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support.h"

using namespace fencepost;

TEST_CASE("a flag that was never raised tells of no fork", "[os]") {
  const os::ForkFlag flag;
  CHECK_FALSE(flag.forked());
  CHECK(test::holds_in_child([&] { return !flag.forked(); }));
}

TEST_CASE("a child sees that it was forked, until it raises the flag itself", "[os]") {
  os::ForkFlag flag;
  REQUIRE(flag.raise());
  CHECK_FALSE(flag.forked());
  CHECK(test::holds_in_child([&] {
    const bool noticed = flag.forked();
    const bool raised = flag.raise() && !flag.forked();
    return noticed && raised && test::holds_in_child([&] { return flag.forked(); }) && !flag.forked();
  }));
  CHECK_FALSE(flag.forked());
}

TEST_CASE("a fork without hooks is noticed", "[os]") {
  os::ForkFlag flag;
  REQUIRE(flag.raise());
  // Not fork(): that would run the handlers of pthread_atfork.
  const auto child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) _exit(flag.forked() ? 0 : 1);
  REQUIRE(child > 0);
  CHECK(test::detail::wait_for(child).exited_with(0));
}
