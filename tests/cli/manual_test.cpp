// The manual page tells all that can be typed.
#include <catch2/catch.hpp>
#include <regex>

#include "cli/tool.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

std::string page() { return support::read_file(FENCEPOST_BUILD "/fencepost.1"); }

/// The page without roff's hyphens.
std::string plain_page() { return std::regex_replace(page(), std::regex(R"(\\-)"), "-"); }

TEST_CASE("each option of the runtime has its paragraph, with the help it has elsewhere", "[manual]") {
  const std::string text = plain_page();
  const Words lines = lines_of(tool({"options"}).out);
  for (const std::string& name : runtime_options()) {
    INFO(name);
    CHECK(occurrences(text, ".TP\n.B " + name + "\n") == 1);
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
      if (lines[i].starts_with("  " + name + "  (")) CHECK(contains(text, "\n" + lines[i + 1].substr(6) + ".\n"));
    }
  }
}

TEST_CASE("each command and each of its options is in the page", "[manual]") {
  static const std::regex option(R"(  (?:-\w,)?(--[a-z-]+)\b.*)");
  static const std::regex command(R"(  ([a-z]+) +[A-Z].*)");
  const std::string text = plain_page();
  const Words names = runtime_options();
  std::smatch match;
  Words commands;
  for (const std::string& line : lines_of(tool({"--help"}).out)) {
    if (std::regex_match(line, match, command)) commands.push_back(match[1]);
  }
  REQUIRE(commands.size() >= 6);
  for (const std::string& each : commands) {
    INFO(each);
    CHECK(contains(text, "\n.B fencepost " + each));
    for (const std::string& line : lines_of(tool({each, "--help"}).out)) {
      if (!std::regex_match(line, match, option)) continue;
      INFO(line);
      const std::string name = match[1];
      const bool of_the_runtime = std::find(names.begin(), names.end(), name.substr(2)) != names.end();
      CHECK((of_the_runtime || contains(text, name)));
    }
  }
}

TEST_CASE("man can format it", "[manual]") {
  const support::Outcome outcome = shell("groff -man -Tascii -ww " FENCEPOST_BUILD "/fencepost.1 >/dev/null");
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.err.empty());
}

}  // namespace
}  // namespace fencepost::cli_tests
