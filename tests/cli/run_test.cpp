// fencepost run: what is found, where it is told, and the exit status.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "cli/terminal.h"
#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

namespace fs = std::filesystem;
using support::Outcome;
using support::Report;

Words run_of(const std::string& engine, const std::string& program) {
  return {"run", "--engine", engine, "--", program_path(program)};
}

/// A run of a shell script, in whose processes the programs fail.
Outcome run_script(const std::string& script, Words options = {}) {
  Words words{"run"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--", "/bin/sh", "-c", "cd " FENCEPOST_PROGRAMS "; " + script});
  Outcome outcome = tool(words);
  UNSCOPED_INFO(outcome.out << outcome.err);
  return outcome;
}

TEST_CASE("a program's own exit status is passed on where nothing is found", "[run]") {
  CHECK(tool({"run", "--", "/bin/true"}).ending() == "exit 0");
  CHECK(run_script("exit 7").ending() == "exit 7");
  CHECK(run_script("kill -TERM $$").ending() == "exit 143");
  CHECK(run_script("kill -KILL $$").ending() == "exit 137");
  CHECK(tool({"run", "/etc/passwd"}).ending() == "exit 126");
  CHECK(tool({"run", "no-such-program"}).ending() == "exit 127");
  CHECK(tool({"run", "/bin/true"}).err.empty());
}

TEST_CASE("a finding is told once and makes the exit status, on every engine and flavour", "[run]") {
  for (const char* const engine : kEngines) {
    for (const char* const program : {"overrun_write_by_1", "overrun_write_by_1.static"}) {
      const Outcome outcome = tool(run_of(engine, program));
      INFO(engine << " " << program << "\n" << outcome.err);
      CHECK(outcome.ending() == "exit 86");
      CHECK(outcome.out.empty());
      const std::vector<Report> reports = support::parse_reports(outcome.err);
      REQUIRE(reports.size() == 1);
      CHECK(reports[0].kind == "heap-buffer-overflow");
      CHECK(reports[0].action == "WRITE");
      REQUIRE(reports[0].error.frames.size() >= 2);
      CHECK(reports[0].error.frames[0] == "overrun");
      CHECK(contains(outcome.err, "overrun_write_by_1.c:5"));
    }
  }
}

TEST_CASE("--error-exitcode chooses the exit status, 0 leaves the program's", "[run]") {
  const std::string program = program_path("overrun_write_by_1");
  CHECK(tool({"run", "--error-exitcode", "3", "--", program}).ending() == "exit 3");
  CHECK(tool({"run", "--error-exitcode=0", "--", program}).ending() == "exit 139");
  CHECK(tool({"run", "--error-exitcode=256", "--", program}).ending() == "exit 2");
}

TEST_CASE("a death that the program hides is found out", "[run]") {
  const Outcome outcome = run_script("./double_free 2>/dev/null; exit 0");
  CHECK(outcome.ending() == "exit 86");
  REQUIRE(support::parse_reports(outcome.err).size() == 1);
  CHECK(support::parse_reports(outcome.err)[0].kind == "double-free");
}

TEST_CASE("the same finding of several processes is told once, with its count", "[run]") {
  const Outcome outcome = run_script("for i in 1 2 3; do ./overrun_write_by_1; done; ./use_after_free_read; exit 0");
  CHECK(outcome.ending() == "exit 86");
  const std::vector<Report> reports = support::parse_reports(outcome.err);
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].kind == "heap-buffer-overflow");
  CHECK(reports[1].kind == "use-after-free");
  CHECK(contains(outcome.err, "3 times"));
}

TEST_CASE("several formats at once, each into its file", "[run]") {
  const support::TemporaryDirectory directory;
  const std::string json = directory.path() / "found.jsonl";
  const std::string text = directory.path() / "found.txt";
  const Outcome outcome = run_script("./overrun_write_by_1; ./use_after_free_read; ./overrun_write_by_1",
                                     {"--format", "json=" + json, "--format", "text=" + text});
  CHECK(outcome.ending() == "exit 86");
  CHECK_FALSE(contains(outcome.err, "ERROR: Fencepost"));
  CHECK(support::parse_reports(support::read_file(text)).size() == 2);
  const Words lines = lines_of(support::read_file(json));
  REQUIRE(lines.size() == 2);
  CHECK(contains(lines[0], R"("kind":"heap-buffer-overflow")"));
  CHECK(contains(lines[0], R"("count":2)"));
  CHECK(contains(lines[1], R"("kind":"use-after-free")"));
}

TEST_CASE("a format that is no good is told before the program runs", "[run]") {
  const support::TemporaryDirectory directory;
  const std::string ran = directory.path() / "ran";
  for (const char* const format : {"nonsense", "json=/no/such/directory/file"}) {
    const Outcome outcome = tool({"run", "--format", format, "--", "/usr/bin/touch", ran});
    CHECK(outcome.ending() == "exit 2");
    CHECK_FALSE(fs::exists(ran));
  }
}

TEST_CASE("both sides: what only one of two runs can see, merged", "[run]") {
  // An underrun lands in slack, and is found late, unless the fence is on that side.
  const std::string script = "./underrun_of_16_byte_block; ./overrun_write_by_1; exit 0";
  const std::vector<Report> end = support::parse_reports(run_script(script, {"--sides", "end"}).err);
  const std::vector<Report> begin = support::parse_reports(run_script(script, {"--sides", "begin"}).err);
  const Outcome both = run_script(script, {"--sides", "both"});
  CHECK(both.ending() == "exit 86");
  const auto kinds = [](const std::vector<Report>& reports) {
    std::set<std::string> all;
    for (const Report& report : reports) all.insert(report.kind);
    return all;
  };
  CHECK(kinds(end) == std::set<std::string>{"heap-buffer-overflow", "slack-overwritten"});
  CHECK(kinds(begin) == std::set<std::string>{"heap-buffer-underflow", "slack-overwritten"});
  CHECK(kinds(support::parse_reports(both.err)) ==
        std::set<std::string>{"heap-buffer-overflow", "heap-buffer-underflow", "slack-overwritten"});
}

TEST_CASE("both sides: a read before a small block, which leaves no trace in slack", "[run]") {
  const support::TemporaryDirectory directory;
  const std::string program = directory.path() / "underrun_read";
  REQUIRE(shell(FENCEPOST_CC " -O0 -g " FENCEPOST_OWN_PROGRAMS "/underrun_read.c -o " + program).ending() == "exit 0");
  CHECK(tool({"run", "--sides", "end", "--", program}).ending() == "exit 0");
  const Outcome both = tool({"run", "--sides", "both", "--", program});
  INFO(both.err);
  CHECK(both.ending() == "exit 86");
  const std::vector<Report> reports = support::parse_reports(both.err);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].kind == "heap-buffer-underflow");
  CHECK(reports[0].action == "READ");
  CHECK(reports[0].place == support::Place{"before", 1, 16, false});
  CHECK(has_frame(both.err, "underrun", "underrun_read.c:5"));
}

TEST_CASE("both sides: standard input that can be rewound is read twice", "[run]") {
  const support::TemporaryDirectory directory;
  const std::string input = directory.path() / "input";
  std::ofstream(input) << "one\ntwo\n";
  const Outcome outcome = shell("{ read first; " FENCEPOST_TOOL " run --sides both -- cat; } < " + input);
  CHECK(outcome.out == "two\ntwo\n");
}

TEST_CASE("standard input, output and error are the program's own", "[run]") {
  const Outcome outcome = shell("printf 'a\\nb\\n' | " FENCEPOST_TOOL " run -- sh -c 'cat; echo error >&2'");
  CHECK(outcome.out == "a\nb\n");
  CHECK(outcome.err == "error\n");
}

TEST_CASE("options of the runtime come from the environment and the command line, the latter last", "[run]") {
  support::Command command = tool_command({"run", "--verbosity", "2", "--", program_path("clean_no_allocation")});
  command.environment["FENCEPOST_OPTIONS"] = "engine=mprotect:verbosity=0";
  CHECK(contains(support::run(command).err, "Fencepost: engine mprotect"));
  CHECK(tool({"run", "--side", "middle", "--", "/bin/true"}).ending() == "exit 2");
}

TEST_CASE("nothing is left behind", "[run]") {
  const support::TemporaryDirectory directory;
  support::Command command = tool_command({"run", "--", program_path("overrun_write_by_1")});
  command.environment["TMPDIR"] = directory.path();
  CHECK(support::run(command).ending() == "exit 86");
  CHECK(fs::is_empty(directory.path()));
}

TEST_CASE("a process that became somebody else can still tell", "[run]") {
  if (getuid() != 0) {
    WARN("only root can become somebody else");
    return;
  }
  const Outcome outcome = run_script("setpriv --reuid 2 --regid 2 --clear-groups ./overrun_write_by_1; exit 0");
  CHECK(outcome.ending() == "exit 86");
  CHECK(support::parse_reports(outcome.err).size() == 1);
}

TEST_CASE("a process that outlives the program is waited for, and its findings count", "[run]") {
  // It fails only when its parent is gone and it was handed over.
  const Outcome outcome =
      run_script("(while kill -0 $$ 2>/dev/null; do sleep 0.05; done; ./double_free) >/dev/null 2>&1 & exit 0",
                 {"--linger", "60"});
  CHECK(outcome.ending() == "exit 86");
  CHECK(support::parse_reports(outcome.err).size() == 1);
}

TEST_CASE("a daemon is not waited for forever, and is named", "[run]") {
  const Outcome outcome = run_script("setsid sleep 20 >/dev/null 2>&1 & exit 5", {"--linger", "0.2"});
  CHECK(outcome.ending() == "exit 5");
  CHECK(contains(outcome.err, "no longer watched"));
}

TEST_CASE("processes that can't open a file any more tell what they find all the same", "[run]") {
  for (const char* const manner : {"chroot", "no descriptors"}) {
    const Outcome outcome = tool({"run", "--", program_path("every_manner"), manner, "error"});
    INFO(manner << "\n" << outcome.err);
    CHECK(outcome.ending() == "exit 86");
    CHECK(support::parse_reports(outcome.err).size() == 1);
  }
}

TEST_CASE("a long run whose output goes elsewhere shows on the terminal how far it is", "[run]") {
  support::Command command;
  command.arguments = {"/bin/sh", "-c",
                       FENCEPOST_TOOL " run -- /bin/sh -c 'cd " FENCEPOST_PROGRAMS
                                      "; for i in 1 2 3; do "
                                      "./clean_1000_live_blocks; done; read line' > /dev/null"};
  const Outcome outcome = on_terminal(command, {{"6 thousand allocations, 0 findings", "\n"}});
  INFO(outcome.out);
  CHECK(outcome.ending() == "exit 0");
  CHECK(contains(outcome.out, " 1 process, 6 thousand allocations, 0 findings"));
}

}  // namespace
}  // namespace fencepost::cli_tests
