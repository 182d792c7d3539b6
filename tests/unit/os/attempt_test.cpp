#include "os/attempt.h"

#include <catch2/catch.hpp>
#include <thread>

#include "support.h"

using namespace fencepost;

namespace {

void fault() { test::byte_at(8) = 1; }

[[gnu::noinline]] void fault_below(int depth) {
  if (depth > 0) fault_below(depth - 1);
  if (depth == 0) fault();
  asm volatile("" ::: "memory");
}

template <typename Check>
bool holds_with_handler(Check check) {
  return test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    return check();
  });
}

}  // namespace

TEST_CASE("an attempt without a fault runs to its end", "[os]") {
  int steps = 0;
  CHECK(os::attempt([&] { ++steps; }));
  CHECK(steps == 1);
}

TEST_CASE("attempting is true inside, and nowhere else", "[os]") {
  bool inside = false;
  CHECK_FALSE(os::attempting());
  CHECK(os::attempt([&] { inside = os::attempting(); }));
  CHECK(inside);
  CHECK_FALSE(os::attempting());
}

TEST_CASE("a fault ends the attempt, and what was written before stays", "[os]") {
  CHECK(holds_with_handler([] {
    int steps = 0;
    const bool ended = os::attempt([&] {
      steps = 1;
      fault();
      steps = 2;
    });
    return !ended && steps == 1 && !os::attempting();
  }));
}

TEST_CASE("a fault many calls deep ends the attempt", "[os]") {
  CHECK(holds_with_handler([] { return !os::attempt([] { fault_below(100); }); }));
}

TEST_CASE("an inner fault leaves the outer attempt running", "[os]") {
  CHECK(holds_with_handler([] {
    bool inner = true;
    bool went_on = false;
    const bool outer = os::attempt([&] {
      inner = os::attempt(fault);
      went_on = os::attempting();
    });
    return outer && !inner && went_on;
  }));
}

TEST_CASE("an outer fault after an inner attempt ends the outer one", "[os]") {
  CHECK(holds_with_handler([] {
    bool inner = false;
    const bool outer = os::attempt([&] {
      inner = os::attempt([] {});
      fault();
    });
    return inner && !outer && !os::attempting();
  }));
}

TEST_CASE("a fault outside of every attempt is somebody else's", "[os]") {
  CHECK(test::in_child([] {
          test::catch_faults_in_attempts();
          static_cast<void>(os::attempt(fault));
          fault();
        }).exited_with(99));
}

TEST_CASE("many faults leave the stack and the registers as they were", "[os]") {
  CHECK(holds_with_handler([] {
    unsigned sum = 0;
    for (unsigned i = 0; i < 10000; ++i) {
      const unsigned before = sum * 3 + i;
      if (os::attempt(fault)) return false;
      sum = before;
    }
    unsigned expected = 0;
    for (unsigned i = 0; i < 10000; ++i) expected = expected * 3 + i;
    return sum == expected;
  }));
}

TEST_CASE("each thread falls out of its own attempt", "[os]") {
  CHECK(holds_with_handler([] {
    bool other = true;
    const bool own = os::attempt([&] { std::thread([&] { other = os::attempt(fault) || os::attempting(); }).join(); });
    return own && !other;
  }));
}
