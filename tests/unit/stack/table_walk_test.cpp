#include "stack/table_walk.h"

#include <execinfo.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <thread>

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

}  // namespace

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
