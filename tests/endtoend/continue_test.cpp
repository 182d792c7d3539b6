// on_error=continue: programs that go on after their errors.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "endtoend/flavours.h"
#include "support/report_parser.h"

namespace fencepost::endtoend {
namespace {

using support::Report;

struct Expected {
  std::string kind;
  std::string action;
  std::string function;  ///< of the program's own, the innermost in the trace of the error

  bool operator==(const Expected&) const = default;
  auto operator<=>(const Expected&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Expected& one) {
  return out << one.kind << ", " << one.action << ", " << one.function;
}

/// In this order, which is that of the program. All kinds but two: after a stack-overflow or a wild-access there is no
/// page that could be opened for the one instruction, and the program ends of it.
const std::vector<Expected> kTwenty = {
    {"heap-buffer-overflow", "READ", "read_past_the_end"},
    {"heap-buffer-overflow", "WRITE", "write_past_the_end"},
    {"heap-buffer-underflow", "WRITE", "write_before_the_start"},
    {"use-after-free", "READ", "read_freed"},
    {"use-after-free", "WRITE", "write_freed_large"},
    {"use-after-free", "WRITE", "write_freed_on_thread"},
    {"use-after-free", "READ", "copy_between_freed"},
    {"heap-buffer-overflow", "WRITE", "fill_across_the_end"},
    {"double-free", "free", "free_twice"},
    {"invalid-free", "free", "free_inside"},
    {"invalid-free", "free", "free_stack"},
    {"mismatched-deallocation", "free", "free_new"},
    {"mismatched-size", "operator delete", "delete_with_size"},
    {"double-free", "realloc", "resize_freed"},
    {"use-after-free", "malloc_usable_size", "ask_size_of_freed"},
    {"slack-overwritten", "found by free", "write_slack"},
    {"bad-syscall-buffer", "WRITE", "read_file_past_the_end"},
    {"allocation-size-overflow", "calloc of 9223372036854775809 times 2 bytes", "ask_for_too_much"},
    {"invalid-alignment", "aligned_alloc of 100 bytes at a multiple of 24", "ask_for_bad_alignment"},
    {"slack-overwritten", "found by exit", "write_slack_for_good"},
};

/// The innermost function of the program's own; empty if there is none. They are in an unnamed namespace, which
/// precedes the length of the name in the symbol.
std::string own_function(const support::Trace& trace) {
  const std::string_view unnamed = "_GLOBAL__N_1";
  for (const std::string& frame : trace.frames) {
    const std::size_t at = frame.find(unnamed);
    if (at == std::string::npos) continue;
    const std::string name = frame.substr(at + unnamed.size());
    std::size_t digits = 0;
    const std::size_t length = std::stoul(name, &digits);
    return name.substr(digits, length);
  }
  return {};
}

/// What is found at the exit has no function but the one that allocated.
Expected told(const Report& report) {
  const bool at_exit = report.action == "found by exit";
  return {report.kind, report.action, own_function(at_exit ? report.allocation : report.error)};
}

std::vector<std::string> kinds_of(const std::vector<Report>& reports) {
  std::vector<std::string> kinds;
  for (const Report& report : reports) kinds.push_back(report.kind);
  return kinds;
}

TEST_CASE("a program with twenty errors reports these twenty and ends by itself", "[continue]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("several_twenty_errors", setting, "on_error=continue");
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 86");
    CHECK(outcome.out == "done\n");
    std::vector<Expected> found;
    for (const Report& report : support::parse_reports(outcome.err)) found.push_back(told(report));
    CHECK(found == kTwenty);
  }
}

TEST_CASE("the twenty errors differ, and are of all kinds that a program survives", "[continue]") {
  CHECK(std::set<Expected>(kTwenty.begin(), kTwenty.end()).size() == 20);
  std::set<std::string> kinds;
  for (const Expected& one : kTwenty) kinds.insert(one.kind);
  CHECK(kinds.size() == 13 - 2);
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
