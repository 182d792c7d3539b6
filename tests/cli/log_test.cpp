// What the program says of itself, where, and how much.
#include <catch2/catch.hpp>

#include "cli/tool.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

TEST_CASE("errors go to standard error, or to the file that is named", "[log]") {
  const support::Outcome plain = tool({"run", "--", "no-such-program"});
  CHECK(plain.err == "fencepost: error: no-such-program: No such file or directory\n");

  const support::TemporaryDirectory directory;
  const std::string file = directory.path() / "log";
  const support::Outcome outcome = tool({"run", "--log-file", file, "--", "no-such-program"});
  CHECK(outcome.ending() == "exit 127");
  CHECK(outcome.err.empty());
  CHECK(contains(support::read_file(file), "fencepost: error: no-such-program: No such file or directory\n"));

  CHECK(tool({"--log-file", file, "run", "no-such-program"}).ending() == "exit 127");
  CHECK(occurrences(support::read_file(file), "error: no-such-program") == 2);
}

TEST_CASE("a log file that can't be written is an error", "[log]") {
  const support::Outcome outcome = tool({"--log-file", "/proc/no/such/place", "options"});
  CHECK(outcome.ending() == "exit 2");
  CHECK(contains(outcome.err, "/proc/no/such/place"));
}

TEST_CASE("-v tells more, -q tells no warnings", "[log]") {
  const Words leave_a_child{"run", "--linger", "0", "--", "/bin/sh", "-c", "sleep 5 >/dev/null 2>&1 & exit 0"};
  const auto with = [&](const char* flag) {
    Words words = leave_a_child;
    words.insert(words.begin(), flag);
    return tool(words).err;
  };
  const std::string plain = tool(leave_a_child).err;
  CHECK(contains(plain, "fencepost: warning: still running, and no longer watched (--linger): s"));
  CHECK_FALSE(contains(plain, "info"));
  CHECK(with("-q").empty());
  CHECK(contains(with("-v"), "fencepost: info: FENCEPOST_OPTIONS="));
}

}  // namespace
}  // namespace fencepost::cli_tests
