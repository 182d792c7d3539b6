#include "fence/any_fence.h"

#include <catch2/catch.hpp>

#include "os/pages.h"
#include "support.h"

using namespace fencepost;
using fence::AnyFence;
using fence::EngineKind;

TEST_CASE("without an engine nothing is opened", "[fence]") {
  const Range space = os::reserve(kPageSize);
  AnyFence none;
  CHECK(none.name() == "none");
  CHECK(none.capabilities().mappings_per_live_slot == 0);
  CHECK_FALSE(none.open(space));
  CHECK_FALSE(none.fence(space));
  CHECK_FALSE(none.prepare(space));
  CHECK_FALSE(none.fence_many({&space, 1}));
  CHECK_FALSE(none.move(space, space));
  CHECK_FALSE(none.exists());
  CHECK(none.descriptor() == -1);
  none.after_fork_in_child();
  CHECK(test::load_faults(space.begin));
  os::give_back(space);
}

TEST_CASE("an engine is reached through AnyFence", "[fence]") {
  const Range space = os::reserve(kPageSize);
  AnyFence any;
  REQUIRE(any.start(EngineKind::mprotect, space, 0));
  CHECK(any.exists());
  CHECK(any.name() == fence::MprotectFence::kName);
  CHECK(any.capabilities().mappings_per_live_slot == fence::MprotectFence::kCapabilities.mappings_per_live_slot);
  REQUIRE(any.open(space));
  test::byte_at(space.begin) = 1;
  REQUIRE(any.fence(space));
  CHECK(test::load_faults(space.begin));
  CHECK_FALSE(any.move(space, space));
  any.stop();
  CHECK(any.name() == "none");
  os::give_back(space);
}
