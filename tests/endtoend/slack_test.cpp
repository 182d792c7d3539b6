// Writes beside a block, inside its own pages.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

const char* const kAlign = "align=1";
const char* const kBegin = "side=begin";

/// Found by a call that frees the block.
Bug slack(std::string program, support::Place place, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "slack-overwritten";
  if (rest.action.empty()) rest.action = "found by free";
  rest.place = place;
  rest.ending = kAborts;
  if (rest.error.empty()) rest.error = {"release", "main"};
  if (rest.allocation.empty()) rest.allocation = {"main"};
  if (rest.changed == 0) rest.changed = 1;
  return rest;
}

TEST_CASE("overwritten slack is found when the block is freed", "[slack]") {
  check_bug(GENERATE_COPY(values<Bug>({
      slack("slack_overwritten_after", after(0, 13), {.hint = kAlign, .bytes = {"01", "fd", "fd"}}),
      slack("slack_overwritten_before", before(1, 13), {.hint = kBegin, .bytes = {"01"}}),
      slack("slack_overwritten_far_before", before(4080, 16),
            {.hint = kBegin, .bytes = {"01", "fd"}, .changed = 2}),
      slack("slack_overwritten_in_large_block", after(0, 1000001),
            {.hint = kAlign, .bytes = {"01", "fd", "02", "fd"}, .changed = 2}),
      slack("slack_overwritten_by_thread", after(0, 13), {.hint = kAlign, .bytes = {"00", "fd", "fd"}}),
      slack("slack_found_by_realloc", after(0, 13),
            {.action = "found by realloc",
             .error = {"grow", "main"},
             .hint = kAlign,
             .bytes = {"01", "fd", "fd"}}),
      slack("slack_found_by_delete", after(1, 13),
            {.action = "found by operator delete[]",
             .allocated_with = "operator new[]",
             .hint = kAlign,
             .bytes = {"01", "fd"}}),
  })));
}

TEST_CASE("overwritten slack of a block that is never freed is found at exit", "[slack]") {
  check_bug(slack("slack_found_at_exit", after(0, 13),
                  {.action = "found by exit",
                   .error = {"...", "exit"},
                   .allocation = {"make_block", "main"},
                   .bytes = {"01", "fd", "fd"}}));
}

TEST_CASE("fill_slack chooses the pattern", "[slack]") {
  check_bug(slack("slack_overwritten_after", after(0, 13),
                  {.bytes = {"01", "11", "11"}, .options = "fill_slack=0x11"}));
}

TEST_CASE("fill_slack=none checks nothing", "[slack]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("slack_overwritten_after", setting, "fill_slack=none");
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("align=1 stops an overrun of 13 bytes at its instruction", "[slack]") {
  check_bug({.program = "overrun_of_13_byte_block",
             .kind = "heap-buffer-overflow",
             .action = "WRITE",
             .place = after(0, 13),
             .error = {"overrun", "main"},
             .allocation = {"main"},
             .options = "align=1"});
}

TEST_CASE("side=begin stops an underrun at its instruction", "[slack]") {
  check_bug({.program = "underrun_of_16_byte_block",
             .kind = "heap-buffer-underflow",
             .action = "WRITE",
             .place = before(1, 16),
             .error = {"underrun", "main"},
             .allocation = {"main"},
             .options = "side=begin"});
}

TEST_CASE("what a placement does not stop, the check at free finds", "[slack]") {
  check_bug(GENERATE(values<Bug>({
      slack("overrun_of_13_byte_block", after(0, 13), {.error = {"main"}, .bytes = {"01", "fd"}}),
      slack("overrun_of_13_byte_block", after(0, 13),
            {.error = {"main"}, .bytes = {"01", "fd"}, .options = "side=begin"}),
      slack("underrun_of_16_byte_block", before(1, 16), {.error = {"main"}, .bytes = {"01"}}),
      slack("underrun_of_16_byte_block", before(1, 16),
            {.error = {"main"}, .bytes = {"01"}, .options = "align=1"}),
  })));
}

}  // namespace
}  // namespace fencepost::endtoend
