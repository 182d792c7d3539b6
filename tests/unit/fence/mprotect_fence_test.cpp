#include "fence/mprotect_fence.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <cstddef>

#include "os/attempt.h"
#include "os/pages.h"
#include "support.h"

using namespace fencepost;

namespace {

/// A sandbox that was set up late: from now on `number` fails with EPERM.
bool forbid_system_call(unsigned number) {
  sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 1},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{4, filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool faults_here(Address address) {
  return !os::attempt([=] { test::byte_at(address) = 1; });
}

}  // namespace

TEST_CASE("a sandbox that takes mprotect away leaves fences, but opens nothing", "[fence]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    fence::MprotectFence engine;
    const Range space = os::reserve(2 * kPageSize);
    const Range first{space.begin, space.begin + kPageSize};
    const Range second{first.end, space.end};
    if (!engine.open(first) || !forbid_system_call(SYS_mprotect)) return false;
    return engine.fence(first) && faults_here(first.begin) && !engine.open(second) &&
           faults_here(second.begin);
  }));
}
