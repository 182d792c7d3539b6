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
  CHECK(test::load_faults(space.begin));
  os::give_back(space);
}

TEST_CASE("an engine is reached through AnyFence", "[fence]") {
  const Range space = os::reserve(kPageSize);
  AnyFence any(EngineKind::mprotect);
  CHECK(any.name() == fence::MprotectFence::kName);
  CHECK(any.capabilities().mappings_per_live_slot ==
        fence::MprotectFence::kCapabilities.mappings_per_live_slot);
  REQUIRE(any.open(space));
  test::byte_at(space.begin) = 1;
  REQUIRE(any.fence(space));
  CHECK(test::load_faults(space.begin));
  os::give_back(space);
}
