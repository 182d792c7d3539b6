#include "symbolize/helper_process.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "support.h"

using namespace fencepost;
using namespace fencepost::symbolize;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

Question about(std::uint64_t offset) {
  Question question;
  question.offset = offset;
  return question;
}

Answer echo(const Question& question) { return {{}, std::to_string(question.offset)}; }

std::string note_of(const std::optional<Answer>& answer) { return answer ? answer->note : "none"; }

}  // namespace

TEST_CASE("a helper answers one question after the other, in a process of its own", "[symbolize]") {
  int asked = 0;
  HelperProcess helper([&](const Question&) { return Answer{{}, std::to_string(++asked)}; });
  CHECK(note_of(helper.ask(about(0), kPatience)) == "1");
  CHECK(note_of(helper.ask(about(0), kPatience)) == "2");
  CHECK(asked == 0);
}

TEST_CASE("whatever kills the helper, the one who asks gets no answer and lives", "[symbolize]") {
  const int fatal = GENERATE(SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGKILL);
  HelperProcess helper([&](const Question& question) {
    if (question.offset == 13) raise(fatal);
    return echo(question);
  });
  CHECK(note_of(helper.ask(about(12), kPatience)) == "12");
  CHECK_FALSE(helper.ask(about(13), kPatience));
  CHECK_FALSE(helper.ask(about(14), kPatience));
}

TEST_CASE("an exception is no answer", "[symbolize]") {
  HelperProcess helper([](const Question&) -> Answer { throw std::runtime_error("broken"); });
  CHECK_FALSE(helper.ask(about(0), kPatience));
}

TEST_CASE("a helper that doesn't come to an end is not waited for", "[symbolize]") {
  HelperProcess helper([](const Question& question) -> Answer {
    for (volatile bool ends = false; !ends;) pause();
    return echo(question);
  });
  CHECK_FALSE(helper.ask(about(0), 1ms));
}

TEST_CASE("what a helper prints is seen by nobody", "[symbolize]") {
  const test::TempFile output;
  CHECK(test::holds_in_child([&] {
    if (std::freopen(output.path().c_str(), "w", stderr) == nullptr) return false;
    HelperProcess helper([](const Question& question) {
      std::fprintf(stderr, "an assertion failed\n");
      return echo(question);
    });
    return note_of(helper.ask(about(1), kPatience)) == "1";
  }));
  CHECK(output.contents().empty());
}

TEST_CASE("Ctrl-C is not for the helper", "[symbolize]") {
  HelperProcess helper([](const Question& question) {
    raise(SIGINT);
    return echo(question);
  });
  CHECK(note_of(helper.ask(about(1), kPatience)) == "1");
}

TEST_CASE("a helper leaves neither a process nor a descriptor", "[symbolize]") {
  const std::string before = test::open_descriptors();
  { HelperProcess helper(echo); }
  CHECK(test::open_descriptors() == before);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}
