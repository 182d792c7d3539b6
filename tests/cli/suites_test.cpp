// Whole suites under `fencepost run`: a CTest project, a make project, a pipeline.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

namespace fs = std::filesystem;
using support::Outcome;
using support::Report;

const std::set<std::string> kThreeKinds{"heap-buffer-overflow", "use-after-free", "double-free"};

/// One report of each kind, with source lines, and the status of findings.
void check_three(const Outcome& outcome) {
  INFO(outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 86");
  std::multiset<std::string> kinds;
  for (const Report& report : support::parse_reports(outcome.err)) kinds.insert(report.kind);
  CHECK(kinds == std::multiset<std::string>(kThreeKinds.begin(), kThreeKinds.end()));
  for (const char* const place : {"overrun.c:4", "read_after_free.c:3", "freed_twice.c:3"}) {
    CHECK(contains(outcome.err, place));
  }
}

TEST_CASE("a CTest project gives one merged report", "[suites]") {
  const support::TemporaryDirectory directory;
  const std::string build = directory.path() / "build";
  REQUIRE(
      shell(CMAKE_PROGRAM " -S " FENCEPOST_SUITE " -B " + build + " && " CMAKE_PROGRAM " --build " + build).ending() ==
      "exit 0");
  const Outcome outcome = tool({"run", "--", CTEST_PROGRAM, "--test-dir", build});
  check_three(outcome);
  CHECK(contains(outcome.out, "25% tests passed, 3 tests failed out of 4"));
  const Outcome fine = tool({"run", "--", CTEST_PROGRAM, "--test-dir", build, "-R", "fine"});
  CHECK(fine.ending() == "exit 0");
  CHECK(fine.err.empty());
}

TEST_CASE("a make project gives one merged report", "[suites]") {
  const support::TemporaryDirectory directory;
  fs::copy(FENCEPOST_SUITE, directory.path(), fs::copy_options::recursive);
  const std::string inside = directory.path();
  REQUIRE(shell("make -C " + inside + " overrun read_after_free freed_twice fine").ending() == "exit 0");
  check_three(tool({"run", "--", "/usr/bin/make", "-k", "-j2", "-C", inside, "check"}));
}

TEST_CASE("a pipeline of three processes that fail gives one merged report, on every engine", "[suites]") {
  const support::TemporaryDirectory directory;
  fs::copy(FENCEPOST_SUITE, directory.path(), fs::copy_options::recursive);
  const std::string inside = directory.path();
  REQUIRE(shell("make -C " + inside + " overrun read_after_free freed_twice").ending() == "exit 0");
  for (const char* const engine : kEngines) {
    INFO(engine);
    check_three(tool({"run", "--engine", engine, "--", "/bin/sh", "-c",
                      "cd " + inside + "; ./overrun | ./read_after_free | ./freed_twice | cat"}));
  }
}

TEST_CASE("the processes of a finding are named", "[suites]") {
  const support::TemporaryDirectory directory;
  fs::copy(FENCEPOST_SUITE, directory.path(), fs::copy_options::recursive);
  const std::string inside = directory.path();
  REQUIRE(shell("make -C " + inside + " overrun").ending() == "exit 0");
  const Outcome outcome = tool({"run", "--", "/bin/sh", "-c", "cd " + inside + "; ./overrun | ./overrun | ./overrun"});
  INFO(outcome.err);
  CHECK(support::parse_reports(outcome.err).size() == 1);
  CHECK(contains(outcome.err, "3 times"));
  CHECK(contains(outcome.err, "overrun"));
}

}  // namespace
}  // namespace fencepost::cli_tests
