// fencepost report: findings of many runs together, and held against an older one.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

using support::Outcome;
using support::Report;

/// Files of findings, one a shard of a suite.
class Shards {
 public:
  /// Runs the programs; the path of the file with what they find.
  std::string run(const std::string& name, const Words& programs) {
    std::string script = "cd " FENCEPOST_PROGRAMS;
    for (const std::string& program : programs) script += "; ./" + program;
    const std::string file = path(name);
    const Outcome outcome = tool({"run", "--format", "json=" + file, "--", "/bin/sh", "-c", script});
    INFO(outcome.err);
    REQUIRE(outcome.ending() == "exit 86");
    return file;
  }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_.path() / name; }

 private:
  support::TemporaryDirectory directory_;
};

std::vector<std::string> kinds(const std::string& text) {
  std::vector<std::string> kinds;
  for (const Report& report : support::parse_reports(text)) kinds.push_back(report.kind);
  return kinds;
}

TEST_CASE("the findings of several files are told once each, with their counts", "[report]") {
  Shards shards;
  const std::string one = shards.run("1", {"overrun_write_by_1", "use_after_free_read"});
  const std::string two = shards.run("2", {"overrun_write_by_1", "overrun_write_by_1", "double_free"});
  const Outcome outcome = tool({"report", one, two});
  INFO(outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 86");
  CHECK(outcome.err.empty());
  CHECK(kinds(outcome.out) == std::vector<std::string>{"heap-buffer-overflow", "use-after-free", "double-free"});
  CHECK(contains(outcome.out, "Found 3 times in 3 processes"));
  CHECK(contains(outcome.out, "overrun_write_by_1.c:5"));
  CHECK(contains(outcome.out, "Fencepost: 3 findings, found 5 times"));
}

TEST_CASE("a file may be read and written", "[report]") {
  Shards shards;
  const std::string file = shards.run("1", {"overrun_write_by_1"});
  CHECK(tool({"report", "--format", "json=" + file, file}).ending() == "exit 86");
  CHECK(tool({"report", file}).ending() == "exit 86");
  CHECK(tool({"report", "--format", "json=" + file, "--baseline", file, file}).ending() == "exit 0");
}

TEST_CASE("merged findings can be written in any format, and merged again", "[report]") {
  Shards shards;
  const std::string one = shards.run("1", {"overrun_write_by_1"});
  const std::string two = shards.run("2", {"overrun_write_by_1", "double_free"});
  const std::string merged = shards.path("merged");
  const std::string sarif = shards.path("sarif");
  REQUIRE(tool({"report", "--format", "json=" + merged, "--format", "sarif=" + sarif, one, two}).ending() == "exit 86");
  CHECK(contains(support::read_file(sarif), "\"ruleId\":\"double-free\""));
  const Outcome again = tool({"report", merged, two});
  CHECK(kinds(again.out) == std::vector<std::string>{"heap-buffer-overflow", "double-free"});
  CHECK(contains(again.out, "Found 3 times in 2 processes"));
  // Without files a format other than text goes to standard output, too.
  const Outcome lines = tool({"report", "--format", "json", one, two});
  CHECK(lines.out == support::read_file(merged));
}

TEST_CASE("only what a baseline does not know is told, and fails", "[report]") {
  Shards shards;
  const std::string old = shards.run("old", {"overrun_write_by_1"});
  const std::string now = shards.run("now", {"use_after_free_read", "overrun_write_by_1"});
  const Outcome news = tool({"report", "--baseline", old, now});
  CHECK(news.ending() == "exit 86");
  CHECK(kinds(news.out) == std::vector<std::string>{"use-after-free"});
  const Outcome nothing = tool({"report", "--baseline", old, "--baseline", now, old, now});
  CHECK(nothing.ending() == "exit 0");
  CHECK((nothing.out.empty() && nothing.err.empty()));
  const Outcome talkative = tool({"-v", "report", "--baseline", now, old, now});
  CHECK(talkative.ending() == "exit 0");
  CHECK(contains(talkative.err, "2 findings of the baseline left out"));
}

TEST_CASE("a baseline knows a finding of another build of the same source", "[report]") {
  Shards shards;
  const std::string one = shards.run("1", {"overrun_write_by_1"});
  const std::string other = shards.run("2", {"overrun_write_by_1.no_pie"});
  // The module's name is a part of what a finding is: here it differs, and in a rebuilt program it does not.
  CHECK(tool({"report", "--baseline", one, other}).ending() == "exit 86");
  std::string text = support::read_file(other);
  for (std::size_t at = 0; (at = text.find("overrun_write_by_1.no_pie", at)) != std::string::npos;) {
    text.replace(at, std::string("overrun_write_by_1.no_pie").size(), "overrun_write_by_1");
  }
  std::ofstream(other) << text;
  CHECK(tool({"report", "--baseline", one, other}).ending() == "exit 0");
}

TEST_CASE("findings come from standard input too", "[report]") {
  Shards shards;
  const std::string one = shards.run("1", {"overrun_write_by_1"});
  const Outcome outcome = shell("cat " + one + " " + one + " | " FENCEPOST_TOOL " report -");
  CHECK(outcome.ending() == "exit 86");
  CHECK(kinds(outcome.out) == std::vector<std::string>{"heap-buffer-overflow"});
  CHECK(contains(outcome.out, "Found 2 times"));
}

TEST_CASE("--error-exitcode chooses the exit status of a report", "[report]") {
  Shards shards;
  const std::string one = shards.run("1", {"double_free"});
  CHECK(tool({"report", "--error-exitcode", "0", one}).ending() == "exit 0");
  CHECK(tool({"report", "--error-exitcode", "7", one}).ending() == "exit 7");
}

/// So many findings at each of so many places, of as many processes, as lines of JSON.
void write_many(const std::string& path, const std::string& pattern, int places, int times) {
  nlohmann::json finding = nlohmann::json::parse(lines_of(pattern).at(0));
  std::ofstream file(path);
  for (int i = 0; i < places * times; ++i) {
    finding["process"]["pid"] = i + 1;
    nlohmann::json& frame = finding["traces"][0]["frames"][0];
    frame = {{"pc", "0x1000"}, {"module", "/nonexistent/program"}, {"offset", "0x1000"}};
    frame["function"] = "function_" + std::to_string(i % places);
    file << finding.dump() << '\n';
  }
}

TEST_CASE("ten thousand findings are merged in less than a minute", "[report]") {
  Shards shards;
  support::Command made;
  made.arguments = {program_path("overrun_write_by_1")};
  made.environment = {{"LD_PRELOAD", FENCEPOST_LIBRARY}, {"FENCEPOST_OPTIONS", "json_path=" + shards.path("1")}};
  CHECK(support::run(made).ending() == "signal 11");
  write_many(shards.path("many"), support::read_file(shards.path("1")), 100, 100);
  support::Command command = tool_command({"report", shards.path("many")});
  command.time_limit = std::chrono::seconds(60);
  const Outcome outcome = support::run(command);
  INFO(outcome.err);
  CHECK(outcome.ending() == "exit 86");
  CHECK(kinds(outcome.out).size() == 100);
  CHECK(occurrences(outcome.out, "Found 100 times in 100 processes") == 100);
  CHECK(contains(outcome.out, "Fencepost: 100 findings, found 10000 times\n"));
}

TEST_CASE("nothing found is nothing to tell", "[report]") {
  const Shards shards;
  std::ofstream(shards.path("empty")).flush();
  const Outcome outcome = tool({"report", shards.path("empty")});
  CHECK(outcome.ending() == "exit 0");
  CHECK((outcome.out.empty() && outcome.err.empty()));
}

TEST_CASE("lines that are no findings are named and left out", "[report]") {
  Shards shards;
  const std::string one = shards.run("1", {"double_free"});
  std::ofstream(one, std::ios::app) << "make: *** [check] Error 1\n{\"fencepost\": 1, \"kind\"";
  const Outcome outcome = tool({"report", one});
  CHECK(outcome.ending() == "exit 86");
  CHECK(kinds(outcome.out) == std::vector<std::string>{"double-free"});
  CHECK(contains(outcome.err, ", line 2: "));
  CHECK(contains(outcome.err, ", line 3: "));
}

TEST_CASE("files that can't be read, and no files, are mistakes", "[report]") {
  const Shards shards;
  const Outcome missing = tool({"report", shards.path("missing")});
  CHECK(missing.ending() == "exit 2");
  CHECK(contains(missing.err, "missing: No such file or directory"));
  CHECK(contains(tool({"report", shards.path("")}).err, "Is a directory"));
  CHECK(tool({"report", shards.path("")}).ending() == "exit 2");
  CHECK(tool({"report"}).ending() == "exit 2");
  std::ofstream(shards.path("empty")).flush();
  CHECK(tool({"report", "--baseline", shards.path("missing"), shards.path("empty")}).ending() == "exit 2");
  CHECK(tool({"report", "--format", "paper", shards.path("empty")}).ending() == "exit 2");
}

}  // namespace
}  // namespace fencepost::cli_tests
