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
      slack("slack_overwritten_far_before", before(4080, 16), {.hint = kBegin, .bytes = {"01", "fd"}, .changed = 2}),
      slack("slack_overwritten_in_large_block", after(0, 1000001),
            {.hint = kAlign, .bytes = {"01", "fd", "02", "fd"}, .changed = 2}),
      slack("slack_overwritten_by_thread", after(0, 13), {.hint = kAlign, .bytes = {"00", "fd", "fd"}}),
      slack("slack_found_by_realloc", after(0, 13),
            {.action = "found by realloc", .error = {"grow", "main"}, .hint = kAlign, .bytes = {"01", "fd", "fd"}}),
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

TEST_CASE("check_every finds overwritten slack at the next call", "[slack]") {
  const auto found = [](std::string program, Bug rest) {
    rest.options = "check_every=1";
    rest.bytes = {"01", "fd", "fd"};
    return slack(std::move(program), after(0, 13), rest);
  };
  check_bug(found("slack_found_by_next_malloc", {.action = "found by malloc", .error = {"next", "main"}}));
  check_bug(found("slack_overwritten_after", {}));
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    CHECK(run("slack_found_by_next_malloc", setting).ending() == "exit 0");
    CHECK(run("slack_found_by_next_malloc", setting, "check_every=1000").ending() == "exit 0");
    CHECK(run("clean_1000_live_blocks", setting, "check_every=100").err.empty());
  }
}

TEST_CASE("the option that the hint names stops at the write", "[slack]") {
  const auto at_write = [](std::string program, std::string kind, support::Place place, std::string options,
                           Frames error = {"main"}) {
    return Bug{.program = std::move(program),
               .kind = std::move(kind),
               .action = "WRITE",
               .place = place,
               .error = std::move(error),
               .allocation = {"main"},
               .options = std::move(options)};
  };
  const std::string over = "heap-buffer-overflow";
  const std::string under = "heap-buffer-underflow";
  check_bug(at_write("slack_overwritten_after", over, after(0, 13), kAlign));
  check_bug(at_write("slack_overwritten_before", under, before(1, 13), kBegin));
  check_bug(at_write("slack_overwritten_in_large_block", over, after(0, 1000001), kAlign));

  const Bug hidden = slack("slack_at_write", after(5, 4090), {.hint = "FENCEPOST_OPTIONS=align=1 ", .bytes = {"01"}});
  check_bug(hidden);
  check_bug(at_write("slack_at_write", over, after(5, 4090), kAlign, {"scribble", "main"}));
  Bug at_begin = hidden;
  at_begin.options = kBegin;
  check_bug(at_begin);
}

TEST_CASE("from side=begin the hint leads back to the other side", "[slack]") {
  const std::string options = "side=end:align=1";
  check_bug(slack("overrun_of_13_byte_block", after(0, 13),
                  {.error = {"main"}, .hint = options, .bytes = {"01", "fd"}, .options = kBegin}));
  check_bug({.program = "overrun_of_13_byte_block",
             .kind = "heap-buffer-overflow",
             .action = "WRITE",
             .place = after(0, 13),
             .error = {"overrun", "main"},
             .allocation = {"main"},
             .options = options});
}

TEST_CASE("where no option helps none is named", "[slack]") {
  check_bug(slack("slack_after_aligned_block", after(0, 13),
                  {.allocated_with = "aligned_alloc", .hint = "watchpoint", .bytes = {"01", "fd"}}));
  check_bug(slack("slack_after_aligned_block", after(0, 13),
                  {.allocated_with = "aligned_alloc", .bytes = {"01", "fd"}, .options = kAlign}));
}

TEST_CASE("fill_slack chooses the pattern", "[slack]") {
  check_bug(
      slack("slack_overwritten_after", after(0, 13), {.bytes = {"01", "11", "11"}, .options = "fill_slack=0x11"}));
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
      slack("underrun_of_16_byte_block", before(1, 16), {.error = {"main"}, .bytes = {"01"}, .options = "align=1"}),
  })));
}

}  // namespace
}  // namespace fencepost::endtoend
