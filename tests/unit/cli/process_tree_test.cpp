#include "cli/process_tree.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

using namespace fencepost::cli;

TEST_CASE("a line of /proc/<pid>/stat is taken apart, whatever the name", "[cli]") {
  const RunningProcess plain = read_stat("42 (cat) S 7 42 42 0 -1 4194304");
  CHECK(plain.pid == 42);
  CHECK(plain.parent == 7);
  CHECK(plain.name == "cat");
  CHECK_FALSE(plain.zombie);
  const RunningProcess odd = read_stat("43 (a) S 9 (b)) Z 8 43 43");
  CHECK(odd.name == "a) S 9 (b)");
  CHECK(odd.parent == 8);
  CHECK(odd.zombie);
}

TEST_CASE("what is no such line gives no process", "[cli]") {
  for (const char* const line : {"", "42", "42 (cat", "cat) (42", "x (cat) S 7", "42 (cat)", "42 (cat) S"}) {
    INFO(line);
    CHECK(read_stat(line).pid == 0);
  }
}

TEST_CASE("children and their children are found, and the dead are left out", "[cli]") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    const pid_t dead = fork();
    if (dead == 0) _exit(0);
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(dead), &info, WEXITED | WNOWAIT);
    const pid_t grandchild = fork();
    const char tell = 1;
    if (grandchild == 0) static_cast<void>(!write(ends[1], &tell, 1));
    pause();
    _exit(0);
  }
  char told = 0;
  REQUIRE(read(ends[0], &told, 1) == 1);
  const std::vector<RunningProcess> all = descendants_of(getpid());
  REQUIRE(all.size() == 2);
  const auto grandchild =
      std::find_if(all.begin(), all.end(), [&](const RunningProcess& each) { return each.parent == child; });
  REQUIRE(grandchild != all.end());
  CHECK(grandchild->name == all[0].name);
  kill(grandchild->pid, SIGKILL);
  kill(child, SIGKILL);
  CHECK(waitpid(child, nullptr, 0) == child);
  close(ends[0]);
  close(ends[1]);
}
