#include "fault/report_stack.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace fencepost;

TEST_CASE("what runs on the report stack has room there, and comes back", "[fault]") {
  struct Seen {
    Address here = 0;
    bool filled = false;
  } seen;
  const int outside = 0;
  fault::call_on_report_stack(
      [](void* argument) {
        volatile char large[128 << 10];
        for (volatile char& byte : large) byte = 1;
        auto& result = *static_cast<Seen*>(argument);
        result.filled = large[0] == 1 && large[sizeof large - 1] == 1;
        result.here = reinterpret_cast<Address>(large);
      },
      &seen);
  CHECK(seen.filled);
  const Address there = test::address_of(&outside);
  CHECK((seen.here > there ? seen.here - there : there - seen.here) > Size{256} << 10);
}
