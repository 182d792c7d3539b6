// fencepost symbolize
#include <catch2/catch.hpp>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

/// The JSON lines that a program writes when it fails, in a file.
std::string findings_of(const std::string& program, const support::TemporaryDirectory& directory) {
  const std::string file = directory.path() / (program + ".jsonl");
  support::Command command;
  command.arguments = {program_path(program)};
  command.environment = {{"LD_PRELOAD", FENCEPOST_LIBRARY}, {"FENCEPOST_OPTIONS", "json_path=" + file}};
  CHECK(support::run(command).err.empty());
  return file;
}

TEST_CASE("JSON lines in, the text report with source lines out", "[symbolize]") {
  const support::TemporaryDirectory directory;
  const std::string file = findings_of("overrun_write_by_1", directory);
  const support::Outcome outcome = shell(FENCEPOST_TOOL " symbolize < " + file);
  INFO(outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.err.empty());
  const std::vector<support::Report> reports = support::parse_reports(outcome.out);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].kind == "heap-buffer-overflow");
  CHECK(contains(outcome.out, "overrun_write_by_1.c:5"));
  CHECK(contains(outcome.out, "overrun_write_by_1.c:3"));
}

TEST_CASE("each line is a report of its own, in its order", "[symbolize]") {
  const support::TemporaryDirectory directory;
  const std::string one = findings_of("overrun_write_by_1", directory);
  const std::string other = findings_of("use_after_free_read", directory);
  const support::Outcome outcome = shell("cat " + one + " " + other + " " + one + " | " FENCEPOST_TOOL " symbolize");
  const std::vector<support::Report> reports = support::parse_reports(outcome.out);
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].kind == "heap-buffer-overflow");
  CHECK(reports[1].kind == "use-after-free");
  CHECK(reports[2].kind == "heap-buffer-overflow");
}

TEST_CASE("what is no finding is told, and what is whole comes all the same", "[symbolize]") {
  const support::TemporaryDirectory directory;
  const std::string file = findings_of("overrun_write_by_1", directory);
  const support::Outcome outcome =
      shell("(echo nonsense; cat " + file + "; head -c 200 " + file + ") | " FENCEPOST_TOOL " symbolize");
  CHECK(outcome.ending() == "exit 1");
  CHECK(support::parse_reports(outcome.out).size() == 1);
  CHECK(occurrences(outcome.err, "fencepost: warning: ") == 2);
}

TEST_CASE("nothing in, nothing out", "[symbolize]") {
  const support::Outcome outcome = shell(FENCEPOST_TOOL " symbolize < /dev/null");
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.out.empty());
}

}  // namespace
}  // namespace fencepost::cli_tests
