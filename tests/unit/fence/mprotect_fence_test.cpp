#include "fence/mprotect_fence.h"

#include <sys/syscall.h>

#include <catch2/catch.hpp>

#include "os/attempt.h"
#include "os/pages.h"
#include "support.h"

using namespace fencepost;

namespace {

bool faults_here(Address address) {
  return !os::attempt([=] { test::byte_at(address) = 1; });
}

}  // namespace

TEST_CASE("in a sandbox that takes mprotect away pages are fenced and opened all the same", "[fence]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    fence::MprotectFence engine;
    const Range space = os::reserve(2 * kPageSize);
    const Range first{space.begin, space.begin + kPageSize};
    const Range second{first.end, space.end};
    if (!engine.open(first) || !test::forbid_system_call(SYS_mprotect)) return false;
    return engine.fence(first) && faults_here(first.begin) && engine.open(second) && !faults_here(second.begin) &&
           engine.fence(second) && faults_here(second.begin);
  }));
}
