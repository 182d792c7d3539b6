#include "fence/choose_fence.h"

#include <catch2/catch.hpp>

#include "os/pages.h"
#include "support.h"

using namespace fencepost;
using fence::choose_fence;
using fence::EngineKind;

TEST_CASE("a wanted engine that works is chosen", "[fence]") {
  const Range space = os::reserve(4 * kPageSize);
  fence::Choice choice = choose_fence(EngineKind::mprotect, space);
  CHECK(choice.fence.kind() == EngineKind::mprotect);
  CHECK(choice.fence.name() == "mprotect");
  CHECK_FALSE(choice.reason.empty());
  os::give_back(space);
}

TEST_CASE("the probe leaves the reservation as it was", "[fence]") {
  const Range space = os::reserve(4 * kPageSize);
  static_cast<void>(choose_fence(EngineKind::mprotect, space));
  CHECK(test::load_faults(space.begin));
  REQUIRE(os::open_pages({space.begin, space.begin + kPageSize}));
  CHECK(test::byte_at(space.begin) == 0);
  os::give_back(space);
}

TEST_CASE("no engine is chosen when none is wanted", "[fence]") {
  const Range space = os::reserve(kPageSize);
  const fence::Choice choice = choose_fence(EngineKind::none, space);
  CHECK(choice.fence.kind() == EngineKind::none);
  CHECK(choice.reason.find("engine=none") != std::string_view::npos);
  os::give_back(space);
}

TEST_CASE("no engine is chosen without address space, or where the kernel refuses", "[fence]") {
  CHECK(choose_fence(EngineKind::mprotect, {}).fence.kind() == EngineKind::none);
  const Range gone = os::reserve(kPageSize);
  os::give_back(gone);
  const fence::Choice refused = choose_fence(EngineKind::mprotect, gone);
  CHECK(refused.fence.kind() == EngineKind::none);
  CHECK_FALSE(refused.reason.empty());
}
