#include "os/helper.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "support.h"

using namespace fencepost;

namespace {

struct Ran {
  bool good;
  std::string output;
};

/// What the shell makes of `script`.
Ran shell(const std::string& script, std::string_view input = {}, unsigned milliseconds = 60000, Size room = 1 << 16) {
  const char* const paths[] = {"/nonexistent/sh", "/bin/sh", nullptr};
  const char* const arguments[] = {"sh", "-c", script.c_str(), nullptr};
  const char* const environment[] = {"PATH=/usr/bin:/bin", "GIVEN=yes", nullptr};
  std::vector<char> output(room);
  os::HelperRun run{paths, arguments, environment, input, {output.data(), output.size()}, milliseconds};
  const bool good = os::run_helper(run);
  return {good, std::string(output.data(), run.output_size)};
}

constinit volatile sig_atomic_t signals_seen = 0;

void count_signal(int) { signals_seen = signals_seen + 1; }

/// No child is known here.
bool no_child() {
  const int before = errno;
  const bool none = waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
  errno = before;
  return none;
}

}  // namespace

TEST_CASE("a helper reads its input and its output is taken", "[os]") {
  const Ran ran = shell("cat; echo $GIVEN", "hello\n");
  CHECK(ran.good);
  CHECK(ran.output == "hello\nyes\n");
}

TEST_CASE("more passes than a pipe holds, both ways at once", "[os]") {
  const std::string input(3 << 20, 'x');
  const Ran ran = shell("cat", input, 60000, (3 << 20) + 1);
  CHECK(ran.good);
  CHECK(ran.output == input);
}

TEST_CASE("a helper need not read its input", "[os]") {
  const Ran ran = shell("echo enough", std::string(1 << 20, 'x'));
  CHECK(ran.good);
  CHECK(ran.output == "enough\n");
}

TEST_CASE("a helper that fails is told from one that does not", "[os]") {
  CHECK(!shell("echo half; exit 1").good);
  CHECK(!shell("kill -SEGV $$").good);
  CHECK(shell("exit 0").good);
  const char* const paths[] = {"/nonexistent", nullptr};
  const char* const arguments[] = {"nonexistent", nullptr};
  char room[16];
  os::HelperRun run{paths, arguments, arguments + 1, "input", room, 60000};
  CHECK(!os::run_helper(run));
  CHECK(run.output_size == 0);
}

TEST_CASE("a helper that writes too much is stopped", "[os]") { CHECK(!shell("yes", {}, 60000, 4096).good); }

TEST_CASE("a helper that hangs is ended, before or after its output's end", "[os]") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(!shell("exec sleep 1000", {}, 100).good);
  CHECK(!shell("exec >&-; exec sleep 1000", {}, 100).good);
  CHECK(!shell("exec <&- >&-; exec sleep 1000", std::string(1 << 20, 'x'), 100).good);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
  CHECK(no_child());
}

TEST_CASE("neither a child nor a signal of one is seen", "[os]") {
  struct sigaction counting {};
  struct sigaction before {};
  counting.sa_handler = count_signal;
  REQUIRE(sigaction(SIGCHLD, &counting, &before) == 0);
  signals_seen = 0;
  CHECK(shell("exit 0").good);
  CHECK(!shell("exit 1").good);
  CHECK(no_child());
  CHECK(waitpid(-1, nullptr, WNOHANG | __WALL) == -1);
  CHECK(signals_seen == 0);
  REQUIRE(sigaction(SIGCHLD, &before, nullptr) == 0);
}

TEST_CASE("a program that ignores SIGCHLD has its helpers' ends told all the same", "[os]") {
  CHECK(test::holds_in_child([] {
    signal(SIGCHLD, SIG_IGN);
    return shell("exit 0").good && !shell("exit 1").good;
  }));
}

TEST_CASE("a helper begins with the signals of a new process", "[os]") {
  CHECK(test::holds_in_child([] {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
    const Ran ran = shell("grep -E '^Sig(Blk|Ign):' /proc/self/status");
    return ran.good && ran.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n";
  }));
}

TEST_CASE("the caller's signal mask and errno stay", "[os]") {
  sigset_t before, after;
  REQUIRE(pthread_sigmask(SIG_SETMASK, nullptr, &before) == 0);
  errno = E2BIG;
  const bool good = shell("exit 0").good;
  CHECK(errno == E2BIG);
  CHECK(good);
  REQUIRE(pthread_sigmask(SIG_SETMASK, nullptr, &after) == 0);
  for (int signal = 1; signal < NSIG; ++signal) CHECK(sigismember(&before, signal) == sigismember(&after, signal));
}

TEST_CASE("a helper has no descriptors but its own, and takes none of the program's", "[os]") {
  const int mine = open("/dev/null", O_RDONLY);
  const std::string before = test::open_descriptors();
  const Ran ran = shell(
      "n=0; while [ $n -lt 1024 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n + 1)); done; readlink /proc/$$/fd/2");
  CHECK(ran.good);
  CHECK(ran.output == "0\n1\n2\n/dev/null\n");
  CHECK(test::open_descriptors() == before);
  close(mine);
}

TEST_CASE("a program without standard descriptors may have a helper", "[os]") {
  CHECK(test::holds_in_child([] {
    for (int descriptor = 0; descriptor < 3; ++descriptor) close(descriptor);
    const Ran ran = shell("cat", "text");
    return ran.good && ran.output == "text";
  }));
}
