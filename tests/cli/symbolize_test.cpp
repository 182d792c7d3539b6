// fencepost symbolize
#include <catch2/catch.hpp>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

/// The JSON lines that a program at `path` writes when it fails, in `file`.
std::string findings_of(const std::string& path, const std::string& file) {
  support::Command command;
  command.arguments = {path};
  command.environment = {{"LD_PRELOAD", FENCEPOST_LIBRARY}, {"FENCEPOST_OPTIONS", "json_path=" + file}};
  CHECK(support::run(command).err.empty());
  return file;
}

std::string findings_of(const std::string& program, const support::TemporaryDirectory& directory) {
  return findings_of(program_path(program), directory.path() / (program + ".jsonl"));
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

/// A program without its debug information, what it said when it failed, and a server's folder with what it lacks.
struct Stripped {
  support::TemporaryDirectory directory;
  std::string findings;
  std::string served = directory.path() / "served";

  explicit Stripped(const std::string& program) {
    const std::string copy = directory.path() / program;
    const support::Outcome made =
        shell("cp " + program_path(program) + " " + copy + " && id=$(readelf -n " + copy +
              " | sed -n 's/.*Build ID: //p') && " + "mkdir -p " + served + "/buildid/$id && " +
              "objcopy --only-keep-debug " + copy + " " + served + "/buildid/$id/debuginfo && strip " + copy);
    INFO(made.err);
    REQUIRE(made.ending() == "exit 0");
    findings = findings_of(copy, directory.path() / "findings.jsonl");
  }
};

/// With a server of the files in `folder`. Python else asks for UTF-8 in its own way, and the report follows it.
std::string served_by(const std::string& folder, const std::string& command) {
  return "PYTHONCOERCECLOCALE=0 python3 " FENCEPOST_DEBUG_SERVER " " + folder + " " + command;
}

TEST_CASE("debug information comes from the servers of DEBUGINFOD_URLS", "[symbolize]") {
  const Stripped stripped("overrun_write_by_1");
  const std::string symbolize = FENCEPOST_TOOL " symbolize < " + stripped.findings;
  CHECK_FALSE(contains(shell(symbolize).out, "overrun_write_by_1.c:5"));

  const support::Outcome outcome = shell(served_by(stripped.served, symbolize));
  INFO(outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 0");
  CHECK(contains(outcome.out, "overrun_write_by_1.c:5"));
}

TEST_CASE("a server that has nothing, or none that answers, takes nothing from the report", "[symbolize]") {
  const Stripped stripped("overrun_write_by_1");
  const std::string symbolize = FENCEPOST_TOOL " symbolize < " + stripped.findings;
  const std::string report = shell(symbolize).out;
  const support::TemporaryDirectory empty;
  CHECK(shell(served_by(empty.path(), symbolize)).out == report);
  CHECK(shell("DEBUGINFOD_URLS=http://127.0.0.1:1 " + symbolize).out == report);
}

TEST_CASE("nothing in, nothing out", "[symbolize]") {
  const support::Outcome outcome = shell(FENCEPOST_TOOL " symbolize < /dev/null");
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.out.empty());
}

}  // namespace
}  // namespace fencepost::cli_tests
