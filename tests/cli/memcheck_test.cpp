// fencepost memcheck: CTest's memory check, with us in Valgrind's place.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>

#include "cli/tool.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

namespace fs = std::filesystem;
using support::Outcome;

/// What CTest puts in front of a test, with the log in this file.
Words as_ctest(const std::string& log) {
  return {"memcheck",        "--log-file=" + log, "-q", "--tool=memcheck", "--leak-check=yes", "--show-reachable=yes",
          "--num-callers=50"};
}

struct Checked {
  Outcome outcome;
  std::string log;
};

Checked check(const std::string& program, const Words& options = {}) {
  const support::TemporaryDirectory directory;
  const std::string file = directory.path() / "log";
  Words words = as_ctest(file);
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(program_path(program));
  Checked checked{tool(words), support::read_file(file)};
  UNSCOPED_INFO(checked.log << checked.outcome.err);
  return checked;
}

bool has_line(const std::string& log, const std::string& pattern) {
  for (const std::string& line : lines_of(log)) {
    if (std::regex_match(line, std::regex("==[0-9]+== " + pattern))) return true;
  }
  return false;
}

TEST_CASE("each kind of defect in Valgrind's words, after its own name", "[memcheck]") {
  CHECK(has_line(check("overrun_write_by_1").log, "heap-buffer-overflow: Invalid write of size 1"));
  CHECK(has_line(check("use_after_free_read").log, "use-after-free: Invalid read of size 1"));
  CHECK(has_line(check("double_free").log, R"(double-free: Invalid free\(\) / delete / delete\[\] / realloc\(\))"));
  CHECK(has_line(check("delete_of_malloc").log,
                 R"(mismatched-deallocation: Mismatched free\(\) / delete / delete \[\])"));
  CHECK(has_line(check("bad_read_past_the_end").log,
                 R"(bad-syscall-buffer: Syscall param read\(argument 2\) points to unaddressable byte\(s\))"));
}

TEST_CASE("suppressions of ours count, Valgrind's don't", "[memcheck]") {
  const support::TemporaryDirectory directory;
  const std::string ours = directory.path() / "ours", other = directory.path() / "valgrind";
  std::ofstream(ours) << "# of a library\nheap-buffer-overflow function=overrun\n";
  std::ofstream(other) << "# of a library\n{\n  name\n  Memcheck:Addr1\n  fun:overrun\n}\n";
  CHECK(check("overrun_write_by_1", {"--suppressions=" + ours}).log.find("heap-buffer-overflow") == std::string::npos);
  for (const std::string& file : {other, std::string("/nonexistent")}) {
    const Checked checked = check("overrun_write_by_1", {"--suppressions=" + file});
    CHECK(has_line(checked.log, "heap-buffer-overflow: Invalid write of size 1"));
  }
}

TEST_CASE("frames have their source lines, traces their titles", "[memcheck]") {
  const std::string log = check("use_after_free_read").log;
  CHECK(has_line(log, R"(   at 0x[0-9A-F]+: use \(.*use_after_free_read\.c:9\))"));
  CHECK(has_line(log, R"(   by 0x[0-9A-F]+: main \(.*use_after_free_read\.c:14\))"));
  CHECK(has_line(log, " Block was freed by free at"));
  CHECK(has_line(log, " Block was alloc'd by malloc at"));
}

TEST_CASE("a clean program leaves an empty log and its own status", "[memcheck]") {
  const Checked checked = check("clean_no_allocation");
  CHECK(checked.outcome.ending() == "exit 0");
  CHECK(checked.log.empty());
  CHECK(tool({"memcheck", "-q", "/bin/sh", "-c", "exit 5"}).ending() == "exit 5");
}

TEST_CASE("the program's arguments are its own", "[memcheck]") {
  const Outcome outcome = tool({"memcheck", "--tool=memcheck", "/bin/echo", "--log-file=x", "-q", "--"});
  CHECK(outcome.out == "--log-file=x -q --\n");
}

TEST_CASE("exit statuses, log names and mistakes", "[memcheck]") {
  CHECK(check("overrun_write_by_1", {"--error-exitcode=44"}).outcome.ending() == "exit 44");
  CHECK(tool({"memcheck", "--tool=helgrind", "/bin/true"}).ending() == "exit 2");
  CHECK(tool({"memcheck", "-q"}).ending() == "exit 2");
  CHECK(tool({"memcheck", "--num-callers=many", "/bin/true"}).ending() == "exit 2");
  CHECK(tool({"memcheck", "no-such-program"}).ending() == "exit 127");
  const support::TemporaryDirectory directory;
  const std::string base = directory.path() / "log";
  support::Command command = tool_command({"memcheck", "--log-file=" + base + ".%q{NAME}.%p", "/bin/true"});
  command.environment["NAME"] = "value";
  const Outcome outcome = support::run(command);
  CHECK(fs::exists(base + ".value." + std::to_string(outcome.pid)));
}

TEST_CASE("--xml=yes writes Valgrind's XML, in place of the log", "[memcheck]") {
  const support::TemporaryDirectory directory;
  const std::string base = directory.path() / "log";
  const Outcome outcome =
      tool({"memcheck", "--xml=yes", "--xml-file=" + base + ".%p.xml", program_path("use_after_free_read")});
  INFO(outcome.err);
  CHECK_FALSE(contains(outcome.err, "Invalid read"));
  const std::string file = base + "." + std::to_string(outcome.pid) + ".xml";
  CHECK(shell("xmllint --noout --dtdvalid " FENCEPOST_SCHEMAS "/valgrind-protocol-4.dtd " + file).ending() == "exit 0");
  CHECK(shell("xmllint --xpath 'count(//error[kind=\"InvalidRead\"])' " + file).out == "1\n");
  CHECK(contains(support::read_file(file), "<line>9</line>"));

  const std::string none = base + ".none.xml";
  const Outcome without = tool({"memcheck", "--xml-file=" + none, program_path("use_after_free_read")});
  CHECK_FALSE(fs::exists(none));
  CHECK(contains(without.err, "use-after-free: Invalid read"));
}

TEST_CASE("what processes say besides is in the log too, and an older log is not", "[memcheck]") {
  const support::TemporaryDirectory directory;
  const std::string log = directory.path() / "log";
  std::ofstream(log) << "old\n";
  const Outcome outcome = tool({"memcheck", "--log-file=" + log, program_path("use_after_free_read")});
  CHECK(outcome.ending() == "exit 86");
  CHECK(outcome.err.empty());
  const std::string text = support::read_file(log);
  INFO(text);
  CHECK_FALSE(contains(text, "old"));
  CHECK(contains(text, "use-after-free: Invalid read"));
  CHECK(contains(text, "==Fencepost: 1 error, 1 different; the exit status is 86 (on_error=continue)"));

  const std::string odd = directory.path() / "a:b";
  CHECK(tool({"memcheck", "--log-file=" + odd, program_path("use_after_free_read")}).ending() == "exit 86");
  CHECK(contains(support::read_file(odd), "use-after-free: Invalid read"));
  CHECK(tool({"memcheck", "--log-file=/nonexistent/log", "/bin/true"}).ending() == "exit 2");
}

TEST_CASE("help, under both names", "[memcheck]") {
  const Outcome help = tool({"memcheck", "--help"});
  CHECK(help.ending() == "exit 0");
  for (const char* const option : {"--log-file=FILE", "--xml=yes", "--xml-file=FILE", "--num-callers=N",
                                   "--suppressions=FILE", "--error-exitcode=N"}) {
    INFO(option);
    CHECK(contains(help.out, option));
  }
  const Outcome wrapper = shell(FENCEPOST_BUILD "/fencepost-memcheck --help");
  CHECK(wrapper.ending() == "exit 0");
  CHECK(wrapper.out == help.out);
}

/// Configures the project as a user would who has no Valgrind but us.
std::string configured(const support::TemporaryDirectory& directory) {
  const std::string build = directory.path() / "build";
  const Outcome outcome = shell(CMAKE_PROGRAM " -S " FENCEPOST_SUITE " -B " + build +
                                " -DMEMORYCHECK_COMMAND=" FENCEPOST_BUILD
                                "/fencepost-memcheck -DMEMORYCHECK_TYPE=Valgrind && " CMAKE_PROGRAM " --build " +
                                build);
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.ending() == "exit 0");
  return build;
}

TEST_CASE("ctest -T memcheck shows our defects", "[memcheck]") {
  const support::TemporaryDirectory directory;
  const std::string build = configured(directory);
  const Outcome outcome = shell("cd " + build + " && " CTEST_PROGRAM " -T memcheck --no-compress-output");
  INFO(outcome.out << outcome.err);
  // What CTest counts under the names that it has for Valgrind's kinds.
  CHECK(std::regex_search(outcome.out, std::regex(R"(MemCheck: #\d+: overrun \.+ +Defects: 1\n)")));
  CHECK(std::regex_search(outcome.out, std::regex(R"(MemCheck: #\d+: read_after_free \.+ +Defects: 1\n)")));
  CHECK(std::regex_search(outcome.out, std::regex(R"(MemCheck: #\d+: freed_twice \.+ +Defects: 1\n)")));
  CHECK_FALSE(contains(outcome.out, ": fine ...   Defects"));
  CHECK(contains(outcome.out, "IPW - 1"));
  CHECK(contains(outcome.out, "FIM - 1"));
  CHECK(contains(outcome.out, "Uninitialized Memory Read - 1"));
  // What it sends to a dashboard has them by our names.
  const std::string results = shell("cat " + build + "/Testing/*/DynamicAnalysis.xml").out;
  for (const char* const name :
       {"heap-buffer-overflow: Invalid write", "use-after-free: Invalid read", "double-free: Invalid free()"}) {
    INFO(name);
    CHECK(contains(results, name));
  }
  CHECK(contains(results, "overrun.c:4"));
}

}  // namespace
}  // namespace fencepost::cli_tests
