#include "stack/table_walk.h"

#include <execinfo.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "stack/known_calls.h"
#include "stack/test_module.h"

using namespace fencepost;

namespace {

stack::RuleCache& rules() {
  static stack::ModuleList modules;
  static stack::RuleCache rules(modules);
  static const bool reserved = modules.reserve() && rules.reserve();
  static_cast<void>(reserved);
  return rules;
}

/// Whether our walk and glibc's backtrace(3) see the same callers of this function.
[[gnu::noinline]] bool agrees_with_backtrace() {
  void* theirs[256];
  const int count = backtrace(theirs, 256);
  Address ours[256];
  const Size walked = stack::walk_tables(test::caller_of_this(), rules(), nullptr, ours);
  // Theirs begins in this function.
  return walked > 0 && walked + 1 == static_cast<Size>(count) &&
         std::equal(ours, ours + walked, theirs + 1, [](Address a, void* b) { return a == test::address_of(b); });
}

[[gnu::noinline]] bool agrees_below(int frames) {
  const bool agrees = frames == 0 ? agrees_with_backtrace() : agrees_below(frames - 1);
  asm volatile("" ::: "memory");
  return agrees;
}

[[gnu::noinline]] bool agrees_beside_an_array(Size size) {
  auto* const array = static_cast<volatile char*>(__builtin_alloca(size));
  array[0] = 1;
  const bool agrees = agrees_with_backtrace();
  array[size - 1] = 1;
  return agrees;
}

bool agreed = false;

int compare_and_check(const void*, const void*) {
  agreed = agrees_with_backtrace();
  return 0;
}

/// Walks that a memo takes note of, each held against one that is made anew.
struct Recalled {
  std::unique_ptr<stack::TraceMemo> memo = std::make_unique<stack::TraceMemo>();
  std::vector<std::vector<Address>> traces;
  int known = 0;
  int wrong = 0;

  [[gnu::noinline]] void visit() {
    const stack::Frame start = test::caller_of_this();
    Address frames[24];
    const Size count = stack::walk_tables(start, rules(), nullptr, frames);
    const std::vector<Address> trace(frames, frames + count);
    if (const TraceId id = memo->find(start, rules().generation())) {
      ++known;
      wrong += traces[id - 1] == trace ? 0 : 1;
      return;
    }
    static_cast<void>(stack::walk_tables(start, rules(), memo.get(), frames));
    traces.push_back(trace);
    memo->end(static_cast<TraceId>(traces.size()));
  }

  /// Frames of one and another shape, as the bits of `way` say.
  [[gnu::noinline]] void visit_below(int depth, unsigned way) {
    if (depth == 0) return visit();
    if ((way >> depth & 1) != 0) {
      visit_beside_an_array(depth - 1, way);
    } else {
      visit_below(depth - 1, way);
    }
    asm volatile("" ::: "memory");
  }
  [[gnu::noinline]] void visit_beside_an_array(int depth, unsigned way) {
    auto* const array = static_cast<volatile char*>(__builtin_alloca(16 + way % 64));
    array[0] = 1;
    visit_below(depth, way);
    array[15] = 1;
  }
};

Recalled* recalled = nullptr;

int visit_and_compare(const void* a, const void* b) {
  recalled->visit_below(3, static_cast<unsigned>(*static_cast<const int*>(a)));
  return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

}  // namespace

TEST_CASE("what a memo recalls is what a walk would see", "[stack]") {
  Recalled all;
  for (int turn = 0; turn < 3; ++turn) {
    for (unsigned way = 0; way < 256; ++way) {
      all.visit_below(8, way);
      all.visit_below(8, way);
    }
  }
  recalled = &all;
  int numbers[] = {3, 9, 1, 7, 2, 8, 3, 1, 7, 2, 5};
  qsort(numbers, 11, sizeof numbers[0], visit_and_compare);
  CHECK(all.known >= 256);
  CHECK(all.wrong == 0);
}

TEST_CASE("a walk by tables sees what backtrace sees", "[stack]") {
  CHECK(agrees_with_backtrace());
  for (const int frames : {1, 10, 100}) CHECK(agrees_below(frames));
  for (const Size size : {Size{1}, Size{100}, Size{100000}}) CHECK(agrees_beside_an_array(size));
}

TEST_CASE("… through libc", "[stack]") {
  int numbers[] = {2, 1};
  qsort(numbers, 2, sizeof numbers[0], compare_and_check);
  CHECK(agreed);
}

TEST_CASE("… through a module that was loaded later", "[stack]") {
  const test::TestModule module;
  CHECK(module.call_back()([](void*) -> int { return agrees_with_backtrace(); }, nullptr) == 2);
}

TEST_CASE("… on a thread, to its first function", "[stack]") {
  bool agrees = false;
  std::thread([&] { agrees = agrees_with_backtrace(); }).join();
  CHECK(agrees);
}

TEST_CASE("a frame without a table leaves the walk to others", "[stack]") {
  Address frames[8];
  CHECK(stack::walk_tables({0x1234567, 0x1000, 0}, rules(), nullptr, frames) == 0);
  CHECK(stack::walk_tables({0, 0x1000, 0}, rules(), nullptr, frames) == 0);
}

TEST_CASE("one frame needs no table", "[stack]") {
  Address frame = 0;
  CHECK(stack::walk_tables({0x1234567, 0x1000, 0}, rules(), nullptr, {&frame, 1}) == 1);
  CHECK(frame == 0x1234567);
}
