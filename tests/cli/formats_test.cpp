// --format: what was found, as other programs read it.
#include <catch2/catch.hpp>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

using support::Outcome;

/// Findings of several kinds, in C and C++, one of them twice and one a warning.
constexpr const char* kPrograms =
    "./overrun_write_by_1; ./use_after_free_read; ./double_free; ./overrun_write_by_1; ./delete_of_new_array;"
    "./slack_overwritten_after; ./stack_exhausted; ./null_dereference; ./bad_read_past_the_end;"
    "./malloc_of_negative_size; ./overrun_in_named_thread; ./use_after_free_by_closed_plugin";
constexpr std::size_t kFindings = 11;

support::Command run_of(const std::string& script, const Words& options) {
  Words words{"run"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--", "/bin/sh", "-c", "cd " FENCEPOST_PROGRAMS "; " + script + "; exit 0"});
  return tool_command(words);
}

/// The file that a run of all the programs writes in that format, in `directory`.
std::string written(const support::TemporaryDirectory& directory, const std::string& format) {
  const std::string file = directory.path() / format;
  const Outcome outcome = support::run(run_of(kPrograms, {"--format", format + "=" + file}));
  UNSCOPED_INFO(outcome.err);
  CHECK(outcome.ending() == "exit 86");
  CHECK(outcome.out.empty());
  CHECK(support::parse_reports(outcome.err).empty());
  return file;
}

void must_pass(const std::string& check) {
  const Outcome outcome = shell(check);
  INFO(check << "\n" << outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 0");
}

std::string count_in_xml(const std::string& file, const std::string& path) {
  return shell("xmllint --xpath 'count(" + path + ")' " + file).out;
}

TEST_CASE("JUnit's XML is as its definition says, a failure for each finding", "[formats]") {
  const support::TemporaryDirectory directory;
  const std::string file = written(directory, "junit");
  must_pass("xmllint --noout --dtdvalid " FENCEPOST_SCHEMAS "/junit.dtd " + file);
  CHECK(count_in_xml(file, "//testcase/failure") == std::to_string(kFindings) + "\n");
  const std::string text = support::read_file(file);
  CHECK(contains(text, "failures=\"" + std::to_string(kFindings) + "\""));
  CHECK(contains(text, "name=\"heap-buffer-overflow in overrun ["));
  CHECK(contains(text, "overrun_write_by_1.c:5"));
}

TEST_CASE("Valgrind's XML is as its definition says, an error for each finding", "[formats]") {
  const support::TemporaryDirectory directory;
  const std::string file = written(directory, "valgrind");
  must_pass("xmllint --noout --dtdvalid " FENCEPOST_SCHEMAS "/valgrind-protocol-4.dtd " + file);
  CHECK(count_in_xml(file, "//error") == std::to_string(kFindings) + "\n");
  CHECK(count_in_xml(file, "//error[kind=\"InvalidWrite\"]//frame[file=\"overrun_write_by_1.c\" and line=\"5\"]") ==
        "1\n");
}

TEST_CASE("SARIF is as its schema says, a result for each finding", "[formats]") {
  const support::TemporaryDirectory directory;
  const std::string file = written(directory, "sarif");
  must_pass("/usr/bin/python3 -B " FENCEPOST_CHECK_SCHEMA " " FENCEPOST_SCHEMAS "/sarif-2.1.0.schema.json " + file);
  CHECK(occurrences(support::read_file(file), "\"ruleId\"") == kFindings);
}

TEST_CASE("lines of JSON are as the installed schema says, when found and when merged", "[formats]") {
  const support::TemporaryDirectory directory;
  const std::string file = written(directory, "json");
  CHECK(lines_of(support::read_file(file)).size() == kFindings);
  const std::string check = "/usr/bin/python3 -B " FENCEPOST_CHECK_LINES " " FENCEPOST_SCHEMA " ";
  must_pass(check + file);
  const std::string merged = directory.path() / "merged";
  CHECK(tool({"report", "--format", "json=" + merged, file, file}).ending() == "exit 86");
  CHECK(lines_of(support::read_file(merged)).size() == kFindings);
  must_pass(check + merged);
}

/// The first line that begins so.
std::string line_with(const std::string& text, const std::string& beginning) {
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with(beginning)) return line;
  }
  return "";
}

TEST_CASE("GitHub's annotations are one line for each finding, at its place", "[formats]") {
  const support::TemporaryDirectory directory;
  const std::string text = support::read_file(written(directory, "github"));
  CHECK(lines_of(text).size() == kFindings);
  for (const std::string& line : lines_of(text)) {
    INFO(line);
    CHECK((line.starts_with("::error ") || line.starts_with("::warning ")));
  }
  CHECK(occurrences(text, "::warning ") == 1);
  const std::string overrun = line_with(text, "::error file=");
  CHECK(contains(overrun, "overrun_write_by_1.c,line=5,"));
  CHECK(contains(overrun, "title=Fencepost%3A heap-buffer-overflow in overrun::"));
}

Outcome run_at_github(const std::string& variable, const Words& options) {
  support::Command command = run_of("./overrun_write_by_1", options);
  command.environment["GITHUB_ACTIONS"] = variable;
  return support::run(command);
}

TEST_CASE("at GitHub, annotations come beside the text of themselves", "[formats]") {
  const Outcome outcome = run_at_github("true", {});
  CHECK(support::parse_reports(outcome.err).size() == 1);
  CHECK(lines_of(outcome.out).size() == 1);
  CHECK(contains(line_with(outcome.out, "::error file="), "overrun_write_by_1.c,line=5,"));
  CHECK(run_at_github("", {}).out.empty());
  CHECK(run_at_github("false", {}).out.empty());
  CHECK(run_at_github("true", {"--format", "text"}).out.empty());
}

}  // namespace
}  // namespace fencepost::cli_tests
