// fencepost options
#include <catch2/catch.hpp>
#include <regex>

#include "cli/tool.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

/// The names in options.inc, read as text.
Words names_in_the_list() {
  static const std::regex pattern(R"(^FENCEPOST_(?:CHOICE\(\w+, |NUMBER\(|BYTE\(|TEXT\()(\w+),[^]*)");
  Words names;
  std::smatch match;
  for (const std::string& line : lines_of(support::read_file(FENCEPOST_OPTIONS_INC))) {
    if (std::regex_match(line, match, pattern)) names.push_back(match[1]);
  }
  return names;
}

TEST_CASE("options lists each option of the one list, with type, default and help", "[options]") {
  const support::Outcome outcome = tool({"options"});
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.err.empty());
  const Words names = names_in_the_list();
  REQUIRE(names.size() > 20);
  CHECK(runtime_options() == names);
  CHECK(contains(outcome.out, "  side  (choice: end|begin|random; default end)\n      the side of a block"));
  CHECK(contains(outcome.out, "  depth  (number: 0 to 64; default 24)\n      frames kept"));
  CHECK(contains(outcome.out, "  fill_malloc  (byte: a byte or none; default 0xbe)\n"));
  CHECK(contains(outcome.out, "  log_path  (text)\n"));
}

TEST_CASE("every command has help", "[options]") {
  const support::Outcome all = tool({"--help"});
  CHECK(all.ending() == "exit 0");
  for (const char* const command : {"run", "report", "memcheck", "doctor", "options", "completion", "symbolize"}) {
    INFO(command);
    CHECK(contains(all.out, std::string("\n  ") + command + " "));
    const support::Outcome help = tool({command, "--help"});
    CHECK(help.ending() == "exit 0");
    CHECK(contains(help.out, std::string("Usage: fencepost ") + command));
    CHECK(help.err.empty());
  }
}

TEST_CASE("run takes every option of the runtime but those that are its own business", "[options]") {
  const std::string help = tool({"run", "--help"}).out;
  for (const std::string& name : runtime_options()) {
    INFO(name);
    const bool own = name == "help" || name == "json_path" || name == "progress_path";
    CHECK(contains(help, "\n  --" + name + " ") == !own);
  }
}

TEST_CASE("a command line that can't be understood is told and has status 2", "[options]") {
  for (const Words& words : {Words{}, Words{"walk"}, Words{"run"}, Words{"run", "--depth"}, Words{"run", "--no-such"},
                             Words{"completion", "tcsh"}, Words{"options", "extra"}, Words{"report"},
                             Words{"report", "--baseline"}, Words{"report", "--no-such", "/dev/null"}}) {
    const support::Outcome outcome = tool(words);
    CHECK(outcome.ending() == "exit 2");
    CHECK(outcome.out.empty());
    CHECK_FALSE(outcome.err.empty());
  }
}

}  // namespace
}  // namespace fencepost::cli_tests
