#include "os/sandbox.h"

#include <sys/syscall.h>

#include <catch2/catch.hpp>

#include "support.h"

using namespace fencepost;

TEST_CASE("a sandbox that nobody touched stays what it was", "[os]") {
  const os::Sandbox begin = os::initial_sandbox();
  os::Sandbox now;
  REQUIRE(os::read_sandbox(now));
  CHECK(now == begin);
}

TEST_CASE("a filter that the program adds is noticed, and one more", "[os]") {
  CHECK(test::holds_in_child([] {
    const os::Sandbox begin = os::initial_sandbox();
    os::Sandbox once, twice;
    return test::forbid_system_call(SYS_umask) && os::read_sandbox(once) && !(once == begin) && once.mode == 2 &&
           test::forbid_system_call(SYS_umask) && os::read_sandbox(twice) && !(twice == once);
  }));
}
