#include "cli/probe.h"

#include <catch2/catch.hpp>

using namespace fencepost::cli;

TEST_CASE("what the runtime says at start-up is taken apart", "[cli]") {
  const Probe best = read_probe("==12==Fencepost: engine page_move\n0.1.0\n");
  CHECK(best.answered);
  CHECK(best.engine == "page_move");
  CHECK(best.reason.empty());
  CHECK(best.has_libunwind);

  const Probe worse = read_probe(
      "==12==Fencepost: libunwind.so.8 was not found: traces follow frame pointers and may be short\n"
      "==12==Fencepost: engine guard_region, because page_move: userfaultfd: it is forbidden\n");
  CHECK(worse.engine == "guard_region");
  CHECK(worse.reason == "page_move: userfaultfd: it is forbidden");
  CHECK_FALSE(worse.has_libunwind);
}

TEST_CASE("a process in which the library did not come up answers nothing", "[cli]") {
  const Probe probe = read_probe("ERROR: ld.so: object 'x' cannot be preloaded: ignored.\n0.1.0\n");
  CHECK_FALSE(probe.answered);
  CHECK(probe.engine.empty());
}
