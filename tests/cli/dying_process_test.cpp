// The real tool, started by the process that dies.
#include <catch2/catch.hpp>

#include "cli/terminal.h"
#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

using support::Command;
using support::Outcome;
using support::Report;

Command guarded(const std::string& program, const std::string& options = {}) {
  Command command;
  command.arguments = {program_path(program)};
  command.environment = {{"FENCEPOST_TOOL", FENCEPOST_TOOL}, {"FENCEPOST_OPTIONS", options}};
  if (!program.ends_with(".static")) command.environment["LD_PRELOAD"] = FENCEPOST_LIBRARY;
  return command;
}

TEST_CASE("the report of a dying process has source lines, and it dies as it would have", "[dying_process]") {
  for (const char* const engine : kEngines) {
    for (const char* const program : {"overrun_write_by_1", "overrun_write_by_1.static"}) {
      const Outcome outcome = support::run(guarded(program, std::string("engine=") + engine));
      INFO(engine << " " << program << "\n" << outcome.err);
      CHECK(outcome.ending() == "signal 11");
      CHECK(outcome.out.empty());
      const std::vector<Report> reports = support::parse_reports(outcome.err);
      REQUIRE(reports.size() == 1);
      CHECK(reports[0].kind == "heap-buffer-overflow");
      CHECK(reports[0].pid == outcome.pid);
      CHECK(has_frame(outcome.err, "overrun", "overrun_write_by_1.c:5:"));
      CHECK(has_frame(outcome.err, "make_block", "overrun_write_by_1.c:3:"));
      CHECK(contains(reports[0].summary, "overrun_write_by_1.c:5:"));
      CHECK_FALSE(contains(outcome.err, "\x1b["));
    }
  }
}

TEST_CASE("so has that of one that aborts, with all three traces", "[dying_process]") {
  const Outcome outcome = support::run(guarded("double_free"));
  INFO(outcome.err);
  CHECK(outcome.ending() == "signal 6");
  const std::vector<Report> reports = support::parse_reports(outcome.err);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].kind == "double-free");
  CHECK((reports[0].allocation.present && reports[0].release.present));
  CHECK(occurrences(outcome.err, "double_free.c:") >= 3);
}

TEST_CASE("every finding of a process that goes on has its source lines", "[dying_process]") {
  const Outcome outcome = support::run(guarded("several_twenty_errors", "on_error=continue"));
  INFO(outcome.err);
  CHECK(outcome.ending() == "exit 86");
  const std::vector<Report> reports = support::parse_reports(outcome.err);
  CHECK(reports.size() == 20);
  for (const Report& report : reports) CHECK(contains(report.summary, "several_twenty_errors.cpp:"));
  CHECK(reports.back().action == "found by exit");
  CHECK(contains(reports.back().summary, "in (anonymous namespace)::write_slack_for_good()"));
}

/// What a terminal shows, which is one that has colours unless the variables say otherwise.
Outcome shown(Command command, const std::map<std::string, std::string>& variables = {}) {
  command.environment.insert({{"TERM", "xterm"}, {"NO_COLOR", ""}});
  for (const auto& [name, value] : variables) command.environment[name] = value;
  Outcome outcome = on_terminal(command, {});
  UNSCOPED_INFO(outcome.out);
  CHECK(outcome.ending() == "signal 11");
  CHECK(contains(outcome.out, "heap-buffer-overflow"));
  CHECK(contains(outcome.out, "overrun_write_by_1.c:5:"));
  return outcome;
}

TEST_CASE("on a terminal the report of a dying process has colours", "[dying_process]") {
  CHECK(contains(shown(guarded("overrun_write_by_1")).out, "\x1b[1;31m=="));
  CHECK_FALSE(contains(shown(guarded("overrun_write_by_1"), {{"NO_COLOR", "1"}}).out, "\x1b["));
  CHECK_FALSE(contains(shown(guarded("overrun_write_by_1"), {{"TERM", "dumb"}}).out, "\x1b["));
}

TEST_CASE("a report for a file has no colours, whatever the terminal beside it", "[dying_process]") {
  const support::TemporaryDirectory directory;
  const std::string log = directory.path() / "log";
  Command command = guarded("overrun_write_by_1", "log_path=" + log);
  command.environment.insert({{"TERM", "xterm"}, {"NO_COLOR", ""}, {"FENCEPOST_TERMINAL", "1"}});
  CHECK(on_terminal(command, {}).out.empty());
  const std::string report = support::read_file(log);
  CHECK(contains(report, "overrun_write_by_1.c:5:"));
  CHECK_FALSE(contains(report, "\x1b["));
}

}  // namespace
}  // namespace fencepost::cli_tests
