// The completion script, sourced by a bash and asked as readline asks.
#include <catch2/catch.hpp>

#include "cli/tool.h"

namespace fencepost::cli_tests {
namespace {

/// What bash would offer after these words, the last of which is being typed; a line each.
Words offered(const std::string& words) {
  const support::Outcome outcome = shell("set -e; source " FENCEPOST_BUILD "/fencepost.bash; COMP_WORDS=(" + words +
                                         "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                                         "$(complete -p fencepost | sed 's/.*-F \\([^ ]*\\).*/\\1/') || true; "
                                         "printf '%s\\n' \"${COMPREPLY[@]}\"");
  INFO(outcome.err);
  CHECK(outcome.ending() == "exit 0");
  Words lines = lines_of(outcome.out);
  if (lines.size() == 1 && lines[0].empty()) lines.clear();
  return lines;
}

bool offers(const std::string& words, const std::string& word) {
  const Words all = offered(words);
  return std::find(all.begin(), all.end(), word) != all.end();
}

TEST_CASE("what is printed is what is installed", "[completion]") {
  const support::Outcome outcome = tool({"completion", "bash"});
  CHECK(outcome.ending() == "exit 0");
  CHECK(outcome.out == shell("cat " FENCEPOST_BUILD "/fencepost.bash").out);
}

TEST_CASE("commands", "[completion]") {
  for (const char* const command : {"run", "report", "memcheck", "doctor", "options", "completion", "symbolize"}) {
    INFO(command);
    CHECK(offers("fencepost ''", command));
  }
  CHECK(offered("fencepost ru") == Words{"run"});
  CHECK(offered("fencepost -v --log-file x ru") == Words{"run"});
  CHECK(offered("fencepost completion ''") == Words{"bash"});
}

TEST_CASE("options", "[completion]") {
  for (const std::string& name : runtime_options()) {
    if (name == "help" || name == "json_path" || name == "progress_path") continue;
    INFO(name);
    CHECK(offers("fencepost run --" + name, "--" + name));
  }
  CHECK(offered("fencepost run --error-e") == Words{"--error-exitcode"});
  CHECK(offered("fencepost --log-f") == Words{"--log-file"});
  CHECK(offered("fencepost doctor --error-e").empty());
}

TEST_CASE("values of options", "[completion]") {
  CHECK(offered("fencepost run --side ''") == Words{"end", "begin", "random"});
  CHECK(offered("fencepost run --engine = p") == Words{"page_move"});
  CHECK(offered("fencepost run --engine =") == Words{"auto", "page_move", "guard_region", "mprotect", "none"});
  CHECK(offered("fencepost run --sides bo") == Words{"both"});
  CHECK(offered("fencepost run --depth ''").empty());
  CHECK(offered("fencepost run --library " FENCEPOST_SUITE "/overr") == Words{FENCEPOST_SUITE "/overrun.c"});
}

TEST_CASE("options and files of report", "[completion]") {
  CHECK(offered("fencepost re") == Words{"report"});
  CHECK(offered("fencepost report --b") == Words{"--baseline"});
  CHECK(offered("fencepost report --error-e") == Words{"--error-exitcode"});
  CHECK(offered("fencepost report --format s") == Words{"sarif"});
  CHECK(offered("fencepost report --dep").empty());  // an option of run
  CHECK(offered("fencepost report " FENCEPOST_SUITE "/overr") == Words{FENCEPOST_SUITE "/overrun.c"});
  CHECK(offered("fencepost report --baseline " FENCEPOST_SUITE "/overr") == Words{FENCEPOST_SUITE "/overrun.c"});
}

TEST_CASE("programs and what is theirs", "[completion]") {
  CHECK(offers("fencepost run tru", "true"));
  CHECK(offers("fencepost run --depth 3 -- tru", "true"));
  CHECK(offers("fencepost doctor tru", "true"));
  CHECK(offered("fencepost run -- cat --depth").empty());  // no longer ours
  CHECK(offered("fencepost run cat " FENCEPOST_SUITE "/overr") == Words{FENCEPOST_SUITE "/overrun.c"});
}

}  // namespace
}  // namespace fencepost::cli_tests
