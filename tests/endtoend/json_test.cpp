// json_path: findings as lines of JSON.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"
#include "endtoend/json_findings.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using nlohmann::json;
using support::Outcome;
using support::Report;

constexpr const char* kEachKind[] = {"overrun_write_by_1",
                                     "overrun_read_by_1",
                                     "underrun_write_page_block",
                                     "use_after_free_read",
                                     "use_after_free_of_large_block",
                                     "double_free",
                                     "free_interior_pointer",
                                     "free_stack_address",
                                     "free_static_address",
                                     "free_function",
                                     "free_wild_address",
                                     "delete_of_new_array",
                                     "delete_with_wrong_alignment",
                                     "delete_derived_through_base",
                                     "slack_overwritten_after",
                                     "slack_found_at_exit",
                                     "malloc_of_negative_size",
                                     "calloc_of_overflowing_product",
                                     "new_array_of_too_many",
                                     "aligned_alloc_at_24",
                                     "bad_read_past_the_end",
                                     "stack_exhausted",
                                     "null_dereference",
                                     "null_call",
                                     "non_canonical_access",
                                     "execute_freed_block",
                                     "overrun_in_named_thread",
                                     "overrun_in_plugin",
                                     "use_after_free_by_closed_plugin",
                                     "overrun_40_calls_deep"};

struct Said {
  Outcome outcome;
  std::vector<json> findings;
};

Said run_to_file(const support::TemporaryDirectory& directory, const char* program, const Setting& setting,
                 const std::string& options = {}) {
  const std::string path = directory.path() / "findings";
  Said said;
  said.outcome = run(program, setting, "json_path=" + path + (options.empty() ? "" : ":" + options));
  const std::string lines = support::read_file(path);
  said.findings = parse_lines(lines);
  std::ofstream(directory.path() / "all", std::ios::app) << lines;
  std::filesystem::remove(path);
  return said;
}

void check_with_schema(const support::TemporaryDirectory& directory) {
  support::Command check;
  check.arguments = {
      "/usr/bin/python3",      "-B", FENCEPOST_TESTS_SOURCE "/support/check_lines.py", "--complete", FENCEPOST_SCHEMA,
      directory.path() / "all"};
  const Outcome outcome = support::run(check);
  INFO(outcome.out << outcome.err);
  CHECK(outcome.ending() == "exit 0");
}

std::string without_numbers(std::string text) {
  const auto is_digit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = text.find("0x"); at != std::string::npos; at = text.find("0x", at + 1)) {
    const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at) + 2;
    text.erase(begin, std::find_if_not(begin, text.end(), is_digit));
  }
  return text;
}

void check_same_trace(const support::Trace& text, const support::Trace& line) {
  CHECK(text.present == line.present);
  CHECK(text.frames == line.frames);
  CHECK(text.api == line.api);
  CHECK(text.thread.number == line.thread.number);
  CHECK(text.thread.name == line.thread.name);
}

/// The two runs differ in their addresses alone.
void check_same_report(const Report& text, const Report& line) {
  CHECK(text.kind == line.kind);
  CHECK(text.warning == line.warning);
  CHECK(text.address_known == line.address_known);
  CHECK(text.action == line.action);
  CHECK(text.call == line.call);
  CHECK(text.thread.number == line.thread.number);
  CHECK(text.thread.name == line.thread.name);
  CHECK(text.place == line.place);
  CHECK(text.slack_changed == line.slack_changed);
  CHECK(text.slack_bytes == line.slack_bytes);
  CHECK(text.elsewhere.empty() == line.elsewhere.empty());
  // Where a stack ends is another place in each run.
  if (text.kind != "stack-overflow") CHECK(without_numbers(text.elsewhere) == without_numbers(line.elsewhere));
  CHECK(text.folded_functions == line.folded_functions);
  CHECK(text.mismatch == line.mismatch);
  CHECK(text.hints == line.hints);
  check_same_trace(text.error, line.error);
  check_same_trace(text.allocation, line.allocation);
  check_same_trace(text.release, line.release);
  check_same_trace(text.creation, line.creation);
  CHECK(without_numbers(text.summary) == without_numbers(line.summary));
}

std::uint64_t number(const json& address) { return std::stoull(address.get<std::string>(), nullptr, 16); }

/// Sentences and fields of one line.
void check_fields(const json& line, const Report& report) {
  CHECK(line["kind"] == report.kind);
  if (line.contains("address")) CHECK(number(line["address"]) == report.address);
  CHECK(line.contains("block") == !report.place.relation.empty());
  if (line["event"] == "access" && line.contains("access")) {
    std::string access = line["access"];
    std::transform(access.begin(), access.end(), access.begin(), [](unsigned char c) { return std::toupper(c); });
    CHECK(report.action == access);
  }
  if (line.contains("function")) CHECK(report.action.find(line["function"].get<std::string>()) != std::string::npos);
  if (line.contains("system_call")) {
    CHECK(report.call == line["system_call"]["name"].get<std::string>() + ", argument " +
                             std::to_string(line["system_call"]["argument"].get<int>()));
    CHECK(number(line["system_call"]["begin"]) == report.buffer_begin);
    CHECK(number(line["system_call"]["end"]) == report.buffer_end);
  }
  if (line.contains("damage")) CHECK(line["damage"]["count"] == report.slack_changed);
  if (line.contains("block")) {
    CHECK(line["relation"] == report.place.relation);
    CHECK(line["distance"] == report.place.distance);
    CHECK(line["block"]["size"] == report.place.block_size);
    CHECK((line["block"]["state"] == "freed") == report.place.freed);
    CHECK(number(line["block"]["address"]) == report.block_begin);
    CHECK(number(line["block"]["data_begin"]) <= report.block_begin);
    CHECK(number(line["block"]["data_end"]) >= report.block_end);
  }
}

void check_instruction(const json& line) {
#if defined(__x86_64__)
  const bool expected = line["event"] == "access" && line.value("access", "") != "execute";
  REQUIRE(line.contains("instruction") == expected);
  if (!expected) return;
  CHECK(line["instruction"]["registers"]["rip"] == line["pc"]);
  CHECK(line["instruction"]["registers"]["rsp"] == line["sp"]);
#endif
}

TEST_CASE("every kind of finding is one line that says what the text says", "[json]") {
  const support::TemporaryDirectory directory;
  std::set<std::string> kinds;
  for (const char* const program : kEachKind) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      const Outcome plain = run(program, setting);
      const std::vector<Report> reports = support::parse_reports(plain.err);
      const Said said = run_to_file(directory, program, setting);
      INFO(plain.err << said.outcome.err);
      CHECK(said.outcome.err.empty());
      CHECK(said.outcome.out == plain.out);
      CHECK(said.outcome.ending() == plain.ending());
      REQUIRE(reports.size() == 1);
      REQUIRE(said.findings.size() == 1);
      const json& line = said.findings[0];
      INFO(line.dump(2));
      const std::vector<Report> told = support::parse_reports(text_of(line));
      REQUIRE(told.size() == 1);
      check_same_report(reports[0], told[0]);
      check_fields(line, told[0]);
      check_instruction(line);
      CHECK(line["process"]["pid"] == said.outcome.pid);
      CHECK(line["process"]["parent"] == getpid());
      CHECK(line["goes_on"] == (plain.ending() == "exit 0"));
      kinds.insert(line["kind"]);
    }
  }
  CHECK(kinds.size() == 13);
  check_with_schema(directory);
}

TEST_CASE("modules are named with what tells their files from others", "[json]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::TemporaryDirectory directory;
    const Said said = run_to_file(directory, "overrun_write_by_1", setting);
    REQUIRE(said.findings.size() == 1);
    const json& frame = said.findings[0]["traces"][0]["frames"][0];
    const std::string path = frame["module"];
    CHECK(path == said.findings[0]["process"]["executable"]);
    CHECK(frame["module_size"] == std::filesystem::file_size(path));
    REQUIRE(frame.contains("build_id"));
    std::string bytes;
    const std::string digits = frame["build_id"];
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    }
    CHECK(support::read_file(path).find(bytes) != std::string::npos);
  }
}

TEST_CASE("findings that the program survives are lines too, in their order", "[json]") {
  const support::TemporaryDirectory directory;
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Said said = run_to_file(directory, "several_twenty_errors", setting, "on_error=continue");
    CHECK(said.outcome.ending() == "exit 86");
    CHECK(said.findings.size() == 20);
    CHECK(support::parse_reports(said.outcome.err).empty());
    for (const json& line : said.findings) {
      CHECK(line["goes_on"] == true);
      const bool is_of_arguments = line["kind"] == "allocation-size-overflow" || line["kind"] == "invalid-alignment";
      CHECK((line["severity"] == "warning") == is_of_arguments);
    }
    // What is no finding stays where it was.
    CHECK(said.outcome.err.find("the exit status is 86") != std::string::npos);
  }
  check_with_schema(directory);
}

TEST_CASE("processes share a file, or have their own", "[json]") {
  for (const Setting& setting : both_flavours()) {
    const support::TemporaryDirectory directory;
    const std::string shared = directory.path() / "shared", own = directory.path() / "own.";
    for (int i = 0; i < 3; ++i) static_cast<void>(run("double_free", setting, "json_path=" + shared));
    const std::vector<json> findings = parse_lines(support::read_file(shared));
    REQUIRE(findings.size() == 3);
    CHECK(findings[0]["process"]["pid"] != findings[1]["process"]["pid"]);
    const Outcome outcome = run("double_free", setting, "json_path=" + own + "%p");
    CHECK(parse_lines(support::read_file(own + std::to_string(outcome.pid))).size() == 1);
  }
}

TEST_CASE("if the file can't be opened the text comes as usual", "[json]") {
  for (const Setting& setting : all_settings()) {
    const Outcome outcome = run("double_free", setting, "json_path=/nonexistent/findings");
    INFO(outcome.err);
    CHECK(support::parse_reports(outcome.err).size() == 1);
    CHECK(outcome.ending() == kAborts);
  }
}

TEST_CASE("threads that fail at once make one whole line", "[json]") {
  for (const Setting& setting : all_settings()) {
    const support::TemporaryDirectory directory;
    const Said said = run_to_file(directory, "overrun_in_8_threads_at_once", setting);
    CHECK(said.findings.size() == 1);
    CHECK(said.outcome.ending() == kDiesOfFault);
  }
}

}  // namespace
}  // namespace fencepost::endtoend
