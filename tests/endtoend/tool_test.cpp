// Reports by a program beside the one under test.
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <fstream>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"
#include "endtoend/json_findings.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using support::Outcome;

/// A tool that a shell script plays.
class Tool {
 public:
  explicit Tool(const std::string& script) {
    std::ofstream(path()) << "#!/bin/sh\n" << script << '\n';
    chmod(path().c_str(), 0755);
  }
  [[nodiscard]] std::string path() const { return directory_.path() / "fencepost"; }
  [[nodiscard]] std::string directory() const { return directory_.path(); }

 private:
  support::TemporaryDirectory directory_;
};

Outcome run_with(const Tool& tool, std::string_view program, const Setting& setting, std::string_view options = {}) {
  support::Command made = command(program, setting, options);
  made.environment["FENCEPOST_TOOL"] = tool.path();
  return support::run(made);
}

TEST_CASE("a tool tells the findings in place of the text", "[tool]") {
  const Tool tool("[ \"$*\" = symbolize ] && cat");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    for (const char* const program : {"overrun_write_by_1", "use_after_free_in_thread_that_ended", "double_free",
                                      "stack_exhausted", "overrun_after_closing_descriptors", "overrun_after_clearenv",
                                      "overrun_in_forked_child", "overrun_with_little_stack_left"}) {
      const std::string expected = run(program, setting).ending();
      const Outcome outcome = run_with(tool, program, setting);
      INFO(program << "\n" << outcome.err);
      CHECK(outcome.ending() == expected);
      CHECK(parse_lines(outcome.err).size() == 1);
    }
  }
}

TEST_CASE("a tool that fails leaves the text as it is without one", "[tool]") {
  for (const char* const script : {"echo half; exit 1", "echo 'unknown command' >&2; exit 2", "exit 0",
                                   "echo half; kill -SEGV $$", "exec <&-; echo half; exit 3"}) {
    const Tool tool(script);
    for (const Setting& setting : all_settings()) {
      INFO(script << ", " << describe(setting));
      const Outcome outcome = run_with(tool, "overrun_write_by_1", setting);
      INFO(outcome.err);
      CHECK(outcome.ending() == kDiesOfFault);
      CHECK(support::parse_reports(outcome.err).size() == 1);
      CHECK(outcome.err.starts_with("==" + std::to_string(outcome.pid) + "==ERROR: Fencepost: "));
    }
  }
}

TEST_CASE("a tool that hangs is ended in time, once", "[tool]") {
  const Tool tool("echo half; echo $$ >>\"${0%/*}/runs\"; exec sleep 1000");
  for (const Setting& setting : both_flavours()) {
    INFO(describe(setting));
    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome = run_with(tool, "several_twenty_errors", setting, "on_error=continue:tool_timeout=1");
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 86");
    CHECK(support::parse_reports(outcome.err).size() == 20);
    CHECK(outcome.err.find("half") == std::string::npos);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
    const std::string runs = support::read_file(tool.directory() + "/runs");
    CHECK(std::count(runs.begin(), runs.end(), '\n') == 1);
    CHECK(kill(std::stoi(runs), 0) == -1);
    std::filesystem::remove(tool.directory() + "/runs");
  }
}

TEST_CASE("a program that goes on sees no child of ours and no signal of one", "[tool]") {
  const Tool tool("cat");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run_with(tool, "bad_read_beside_children", setting);
    INFO(outcome.err);
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.out == "0 1 1 1\n");
    CHECK(parse_lines(outcome.err).size() == 1);
  }
}

TEST_CASE("every finding of a program that goes on is told by the tool", "[tool]") {
  const Tool tool("cat");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::TemporaryDirectory directory;
    const std::string log = directory.path() / "log";
    const Outcome outcome = run_with(tool, "several_twenty_errors", setting, "on_error=continue:log_path=" + log);
    CHECK(outcome.ending() == "exit 86");
    CHECK(outcome.out == "done\n");
    CHECK(outcome.err.empty());
    std::string lines = support::read_file(log);
    lines.resize(lines.rfind("==", lines.rfind("==Fencepost:") - 1));  // the last line is about the exit status
    CHECK(parse_lines(lines).size() == 20);
  }
}

TEST_CASE("threads that fail at once wait for a slow tool", "[tool]") {
  const Tool tool("exec sleep 1000");
  for (const Setting& setting : both_flavours()) {
    const Outcome outcome = run_with(tool, "overrun_in_8_threads_at_once", setting, "tool_timeout=1");
    INFO(outcome.err);
    CHECK(outcome.ending() == kDiesOfFault);
    CHECK(support::parse_reports(outcome.err).size() == 1);
    CHECK(outcome.err.find("giving up") == std::string::npos);
  }
}

TEST_CASE("a tool is neither preloaded into nor told our options", "[tool]") {
  const Tool tool("echo \"preload:$LD_PRELOAD options:$FENCEPOST_OPTIONS mine:$MINE\"");
  for (const Setting& setting : both_flavours()) {
    support::Command made = command("double_free", setting);
    made.environment["FENCEPOST_TOOL"] = tool.path();
    made.environment["MINE"] = "kept";
    CHECK(support::run(made).err == "preload: options: mine:kept\n");
  }
}

TEST_CASE("no tool where none is wanted, and findings for a file need none", "[tool]") {
  const Tool tool("cat");
  for (const Setting& setting : both_flavours()) {
    CHECK(support::parse_reports(run_with(tool, "double_free", setting, "tool=none").err).size() == 1);
    const std::string path = tool.directory() + "/findings";
    CHECK(run_with(tool, "double_free", setting, "json_path=" + path).err.empty());
    CHECK(parse_lines(support::read_file(path)).size() == 1);
    std::filesystem::remove(path);
  }
}

TEST_CASE("without a word about a tool, it is the one beside the library", "[tool]") {
  const Tool tool("cat");
  const std::string library = tool.directory() + "/libfencepost.so";
  std::filesystem::copy_file(FENCEPOST_LIBRARY, library);
  support::Command made = command("double_free", {"auto", Flavour::preload});
  made.environment["LD_PRELOAD"] = library;
  made.arguments = {"/usr/bin/env", "-u", "FENCEPOST_TOOL", program_path("double_free")};
  CHECK(parse_lines(support::run(made).err).size() == 1);
  std::filesystem::remove(tool.path());
  CHECK(support::parse_reports(support::run(made).err).size() == 1);
}

}  // namespace
}  // namespace fencepost::endtoend
