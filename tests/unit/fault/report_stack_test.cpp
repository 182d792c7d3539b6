#include "fault/report_stack.h"

#include <catch2/catch.hpp>

#include "os/signals.h"
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

namespace {

alignas(kPageSize) char own_stack[64 << 10];
alignas(kPageSize) char small_stack[8 << 10];

template <Size N>
Range range_of(const char (&stack)[N]) {
  return {test::address_of(stack), test::address_of(stack) + N};
}

Address signal_stack() {
  stack_t now{};
  os::kernel_sigaltstack(nullptr, &now);
  return (now.ss_flags & SS_DISABLE) != 0 ? 0 : reinterpret_cast<Address>(now.ss_sp);
}

}  // namespace

TEST_CASE("work on a thread's own stack has the frames of its faults there too, and leaves all as it was", "[fault]") {
  const os::AlternateStackScope programs(range_of(small_stack));
  const Range own = range_of(own_stack);
  bool on_it = false, takes_faults = false, stays = false;
  fault::on_own_stack(own, [&] {
    const int here = 0;
    on_it = own.contains(test::address_of(&here));
    takes_faults = signal_stack() == own.begin;
    fault::on_own_stack(own, [&] {
      const int below = 0;
      stays = own.contains(test::address_of(&below)) && test::address_of(&below) < test::address_of(&here);
    });
  });
  CHECK(on_it);
  CHECK(takes_faults);
  CHECK(stays);
  CHECK(signal_stack() == test::address_of(small_stack));
}

TEST_CASE("without a stack of its own, work is done in place", "[fault]") {
  const os::AlternateStackScope programs(range_of(small_stack));
  Address during = 0;
  fault::on_own_stack({}, [&] { during = signal_stack(); });
  CHECK(during == test::address_of(small_stack));
}
