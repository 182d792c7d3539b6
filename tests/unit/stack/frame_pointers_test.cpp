#include "stack/frame_pointers.h"

#include <ucontext.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <span>
#include <vector>

#include "stack/known_calls.h"

using namespace fencepost;

namespace {

Size walk(const ucontext_t& context, std::span<Address> frames) {
  Size count = 0;
  stack::walk_frame_pointers(&context, [&](Address pc) {
    frames[count++] = pc;
    return count < frames.size();
  });
  return count;
}

}  // namespace

TEST_CASE("frame pointers lead through known functions, innermost first", "[stack]") {
  const test::KnownCalls calls = test::call_known_functions([](test::KnownCalls& made) {
    void* frames[64];
    const Size count = stack::walk_own_frame_pointers(frames);
    for (Size i = 0; i < count; ++i) made.captured.push_back(test::address_of(frames[i]));
  });
  CHECK(calls.in_order());
}

TEST_CASE("frame pointers stop where there is no more room", "[stack]") {
  void* frames[2] = {};
  CHECK(stack::walk_own_frame_pointers(frames) == 2);
  CHECK(stack::walk_own_frame_pointers({}) == 0);
}

TEST_CASE("an interrupted thread's frames begin with its instruction", "[stack]") {
  const test::KnownCalls calls = test::call_known_functions([](test::KnownCalls& made) {
    ucontext_t context;
    getcontext(&context);
    made.captured.resize(64);
    made.captured.resize(walk(context, made.captured));
  });
  REQUIRE(calls.captured.size() >= 3);
  CHECK(calls.in_order());
}

TEST_CASE("a broken frame pointer ends the walk", "[stack]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    for (const Address broken : {Address{0}, Address{1}, Address{8}, Address{0x6000}, ~Address{7}, Address{1} << 62}) {
      ucontext_t context;
      getcontext(&context);
      test::set_frame_pointer(context, broken);
      Address frames[16];
      if (walk(context, frames) != 1 || frames[0] != test::pc_of(context)) return false;
    }
    return true;
  }));
}

TEST_CASE("a chain that turns back on itself ends", "[stack]") {
  CHECK(test::holds_in_child([] {
    Address loop[4] = {};
    loop[0] = test::address_of(&loop[2]);
    loop[1] = 0x401000;
    loop[2] = test::address_of(&loop[0]);
    loop[3] = 0x402000;
    ucontext_t context;
    getcontext(&context);
    test::set_frame_pointer(context, test::address_of(loop));
    Address frames[16];
    return walk(context, frames) == 3 && frames[1] == 0x401000 && frames[2] == 0x402000;
  }));
}
