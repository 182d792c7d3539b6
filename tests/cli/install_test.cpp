// What cmake --install puts in place finds itself there.
#include <catch2/catch.hpp>
#include <filesystem>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

namespace fs = std::filesystem;
using support::Command;
using support::Outcome;

class Installation {
 public:
  Installation() {
    const Outcome outcome = shell(CMAKE_PROGRAM " --install " FENCEPOST_BUILD " --prefix " + prefix());
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.ending() == "exit 0");
  }

  [[nodiscard]] std::string path(const std::string& name) const { return prefix() + "/" + name; }
  [[nodiscard]] std::string library() const { return path(FENCEPOST_LIBDIR "/libfencepost.so"); }

 private:
  [[nodiscard]] std::string prefix() const { return directory_.path() / "prefix"; }

  support::TemporaryDirectory directory_;
};

TEST_CASE("what is installed", "[install]") {
  const Installation installed;
  for (const char* const file :
       {"bin/fencepost", "bin/fencepost-memcheck", FENCEPOST_LIBDIR "/libfencepost.so",
        FENCEPOST_LIBDIR "/libfencepost.a", "include/fencepost/fencepost.h", "include/fencepost/finding.schema.json",
        "share/man/man1/fencepost.1", "share/bash-completion/completions/fencepost"}) {
    INFO(file);
    CHECK(fs::is_regular_file(installed.path(file)));
  }
  CHECK(contains(support::read_file(installed.path("share/man/man1/fencepost.1")), ".TH FENCEPOST 1"));
}

Outcome run_program(const std::string& program, Words words) {
  words.insert(words.begin(), program);
  words.push_back(program_path("overrun_write_by_1"));
  Command command;
  command.arguments = words;
  Outcome outcome = support::run(command);
  UNSCOPED_INFO(outcome.out << outcome.err);
  return outcome;
}

TEST_CASE("the installed program finds the installed library", "[install]") {
  const Installation installed;
  const Outcome outcome = run_program(installed.path("bin/fencepost"), {"run", "--"});
  CHECK(outcome.ending() == "exit 86");
  CHECK(support::parse_reports(outcome.err).size() == 1);
  CHECK(contains(outcome.err, "overrun_write_by_1.c:5"));
  CHECK(contains(run_program(installed.path("bin/fencepost-memcheck"), {}).err, "Invalid write of size 1"));

  fs::remove(installed.library());
  const Outcome without = run_program(installed.path("bin/fencepost"), {"run", "--"});
  CHECK(without.ending() == "exit 2");
  CHECK(contains(without.err, "libfencepost.so was not found"));
}

TEST_CASE("the installed library finds the installed program", "[install]") {
  const Installation installed;
  const Words words{"-u", "FENCEPOST_TOOL", "LD_PRELOAD=" + installed.library()};
  const Outcome outcome = run_program("/usr/bin/env", words);
  CHECK(outcome.ending() == "signal 11");
  CHECK(support::parse_reports(outcome.err).size() == 1);
  CHECK(contains(outcome.err, "overrun_write_by_1.c:5"));

  fs::remove(installed.path("bin/fencepost"));
  const Outcome without = run_program("/usr/bin/env", words);
  CHECK(support::parse_reports(without.err).size() == 1);
  CHECK_FALSE(contains(without.err, "overrun_write_by_1.c:5"));
}

}  // namespace
}  // namespace fencepost::cli_tests
