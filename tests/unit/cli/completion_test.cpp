#include "cli/completion.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

using namespace fencepost::cli;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Grammar invented() {
  OptionGrammar verbose{.names = {"-v", "--verbose"}};
  OptionGrammar file{.names = {"--file"}, .takes_value = true, .value = "FILE"};
  OptionGrammar side{.names = {"--side"}, .takes_value = true, .value = "a|it's", .words = {"a", "it's"}};
  return {{.name = "", .options = {verbose}},
          {.name = "go", .options = {file, side}, .rest = CommandGrammar::Rest::program}};
}

}  // namespace

TEST_CASE("commands, options and values are in the script, quoted", "[cli]") {
  const std::string script = bash_completion(invented());
  CHECK(contains(script, "'go') options='--file --side' ;;"));
  CHECK(contains(script, "'') options='-v --verbose' ;;"));
  CHECK(contains(script, "'go --side') COMPREPLY=($(compgen -W 'a it'\\''s' -- \"$current\")) ;;"));
  CHECK(contains(script, "'go --file') COMPREPLY=($(compgen -f -- \"$current\")) ;;"));
  CHECK(contains(script, "complete -o filenames -F _fencepost fencepost\n"));
}

TEST_CASE("a shell can read the script", "[cli]") {
  std::FILE* const shell = popen("bash -n", "w");
  REQUIRE(shell != nullptr);
  const std::string script = bash_completion(invented());
  REQUIRE(std::fwrite(script.data(), 1, script.size(), shell) == script.size());
  CHECK(pclose(shell) == 0);
}
