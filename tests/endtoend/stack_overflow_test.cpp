// Threads that use more stack than they have.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/clean.h"

namespace fencepost::endtoend {
namespace {

Bug overflow(std::string program, Frames error, std::string folded, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "stack-overflow";
  rest.action = "WRITE";
  rest.error = std::move(error);
  rest.folded = std::move(folded);
  rest.elsewhere = "below the stack";
  rest.hint = "a recursion that does not end";
  return rest;
}

TEST_CASE("a recursion that does not end is told as such, and folded", "[stack_overflow]") {
  const Frames once{"recurse", "recurse", "...", "recurse", "main"};
  check_bug(overflow("stack_exhausted", once, "recurse"));
  check_bug(overflow("stack_exhausted_in_thread", {"recurse", "recurse", "...", "recurse", "start"}, "recurse",
                     {.thread = "T1"}));
  check_bug(overflow("stack_exhausted_in_coroutine", {"recurse", "recurse", "..."}, "recurse"));
}

TEST_CASE("a recursion of two functions is folded as one of both", "[stack_overflow]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const auto reports = support::parse_reports(run("stack_exhausted_by_two", setting).err);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == "stack-overflow");
    CHECK(reports[0].folded > 10000);
    const bool in_some_order =
        reports[0].folded_functions == "odd -> even" || reports[0].folded_functions == "even -> odd";
    CHECK(in_some_order);
    CHECK(begins_with(reports[0].error.frames, {"*", "*", "...", "main"}));
  }
}

TEST_CASE("a local variable larger than the stack is told as such", "[stack_overflow]") {
  check_bug(overflow("stack_exhausted_by_large_array", {"use", "main"}, ""));
}

TEST_CASE("a program that handles its stack overflows does so", "[stack_overflow]") {
  check_clean({.program = "clean_handler_on_own_stack"});
}

}  // namespace
}  // namespace fencepost::endtoend
