// on_error=continue: programs that go on after their errors.
#include <algorithm>
#include <catch2/catch.hpp>

#include "endtoend/flavours.h"
#include "support/report_parser.h"

namespace fencepost::endtoend {
namespace {

using support::Report;

struct Expected {
  const char* kind;
  const char* function;  ///< the program's first frame
};

constexpr Expected kTwenty[] = {
    {"heap-buffer-overflow", "read_past_the_end"},
    {"heap-buffer-overflow", "write_past_the_end"},
    {"heap-buffer-underflow", "write_before_the_start"},
    {"use-after-free", "read_freed"},
    {"use-after-free", "write_freed_large"},
    {"use-after-free", "write_freed_on_thread"},
    {"use-after-free", "copy_between_freed"},
    {"heap-buffer-overflow", "memset"},
    {"double-free", "free_twice"},
    {"invalid-free", "free_inside"},
    {"invalid-free", "free_stack"},
    {"mismatched-deallocation", "free_new"},
    {"mismatched-deallocation", "delete_array"},
    {"mismatched-size", "delete_with_size"},
    {"double-free", "resize_freed"},
    {"use-after-free", "ask_size_of_freed"},
    {"slack-overwritten", "write_slack"},
    {"bad-syscall-buffer", "read_file_past_the_end"},
    {"allocation-size-overflow", "ask_for_too_much"},
    {"slack-overwritten", ""},
};

std::vector<std::string> kinds_of(const std::vector<Report>& reports) {
  std::vector<std::string> kinds;
  for (const Report& report : reports) kinds.push_back(report.kind);
  return kinds;
}

TEST_CASE("a program with twenty errors reports these twenty and ends by itself", "[continue]") {
  std::vector<std::string> expected;
  for (const Expected& one : kTwenty) expected.emplace_back(one.kind);
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("several_twenty_errors", setting, "on_error=continue");
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 86");
    CHECK(outcome.out == "done\n");
    const std::vector<Report> reports = support::parse_reports(outcome.err);
    REQUIRE(kinds_of(reports) == expected);
    for (std::size_t i = 0; i < reports.size(); ++i) {
      const auto& frames = reports[i].error.frames;
      const auto is_there = [&](const std::string& frame) { return frame.find(kTwenty[i].function) != frame.npos; };
      CHECK((kTwenty[i].function[0] == '\0' || std::any_of(frames.begin(), frames.end(), is_there) ||
             kTwenty[i].function == std::string("memset")));
    }
  }
}

TEST_CASE("the exit status of a program that went on is its own to choose", "[continue]") {
  for (const Setting& setting : both_flavours()) {
    CHECK(run("several_twenty_errors", setting, "on_error=continue:exitcode=3").ending() == "exit 3");
    CHECK(run("clean_1000_live_blocks", setting, "on_error=continue").ending() == "exit 0");
  }
}

TEST_CASE("the exit status tells of findings if the program leaves at once, too", "[continue]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("several_before_exits_at_once", setting, "on_error=continue");
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 86");
    CHECK(outcome.out == "86 3 0\n0 0\n");
    CHECK(support::parse_reports(outcome.err).size() == 3);
  }
}

TEST_CASE("no more findings are reported than wanted, but all are counted", "[continue]") {
  for (const Setting& setting : both_flavours()) {
    const support::Outcome outcome = run("several_twenty_errors", setting, "on_error=continue:max_reports=2");
    INFO(outcome.err);
    CHECK(support::parse_reports(outcome.err).size() == 2);
    CHECK(outcome.err.find("of which 2 were reported (max_reports)") != std::string::npos);
    CHECK(outcome.ending() == "exit 86");
  }
}

TEST_CASE("threads that meet fences at once all go on, and each place is reported once", "[continue]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("several_on_4_threads", setting, "on_error=continue");
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 86");
    CHECK(outcome.out == "done\n");
    const std::vector<std::string> kinds = kinds_of(support::parse_reports(outcome.err));
    CHECK(std::count(kinds.begin(), kinds.end(), "heap-buffer-overflow") == 1);
    CHECK(std::count(kinds.begin(), kinds.end(), "use-after-free") == 1);
    CHECK(kinds.size() == 2);
  }
}

}  // namespace
}  // namespace fencepost::endtoend
