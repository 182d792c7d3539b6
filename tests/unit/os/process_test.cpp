#include "os/process.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "support.h"

using namespace fencepost;

namespace {

void do_nothing(int) {}

void block(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

TEST_CASE("a process and its threads have ids", "[os]") {
  CHECK(os::process_id() == getpid());
  CHECK(os::thread_id() == getpid());
  int other = 0;
  std::thread([&] { other = os::thread_id(); }).join();
  CHECK(other != 0);
  CHECK(other != os::thread_id());
  CHECK(test::holds_in_child([parent = os::process_id()] {
    return os::process_id() == getpid() && os::thread_id() == getpid() && getpid() != parent;
  }));
}

TEST_CASE("the initial environment is the one that the kernel passed", "[os]") {
  const std::string environment = test::read_file("/proc/self/environ");
  std::set<std::string> names;
  for (Size at = 0; at < environment.size();) {
    const std::string entry = environment.c_str() + at;
    at += entry.size() + 1;
    const Size equals = entry.find('=');
    // Of a name that was passed twice the first counts.
    if (equals == std::string::npos || !names.insert(entry.substr(0, equals)).second) continue;
    CAPTURE(entry);
    CHECK(os::initial_environment(entry.substr(0, equals)) == entry.substr(equals + 1));
  }
  CHECK_FALSE(names.empty());
}

TEST_CASE("what the program does to its environment later does not matter", "[os]") {
  CHECK(os::initial_environment("FENCEPOST_UNIT_TEST_VARIABLE").empty());
  CHECK(test::holds_in_child([] {
    setenv("FENCEPOST_UNIT_TEST_VARIABLE", "late", 1);
    const std::string path(os::initial_environment("PATH"));
    setenv("PATH", "/changed", 1);
    const bool kept = os::initial_environment("PATH") == path;
    environ = nullptr;
    return kept && os::initial_environment("PATH") == path &&
           os::initial_environment("FENCEPOST_UNIT_TEST_VARIABLE").empty();
  }));
}

TEST_CASE("a test has no raised rights", "[os]") { CHECK_FALSE(os::runs_with_raised_rights()); }

TEST_CASE("the limit of the address space is told", "[os]") {
  CHECK(test::holds_in_child([] {
    const rlimit limit{Size{5} << 30, Size{5} << 30};
    return setrlimit(RLIMIT_AS, &limit) == 0 && os::address_space_limit() == Size{5} << 30;
  }));
}

TEST_CASE("mappings are counted as the system counts them", "[os]") {
  Size limit = 0;
  std::ifstream("/proc/sys/vm/max_map_count") >> limit;
  CHECK(os::mapping_limit() == limit);
  const std::string maps = test::read_file("/proc/self/maps");
  const auto lines = std::count(maps.begin(), maps.end(), '\n');
  CHECK(std::abs(static_cast<long>(os::mapping_count()) - lines) <= 2);
}

TEST_CASE("a signal raised here arrives at once", "[os]") {
  CHECK(test::in_child([] {
          signal(SIGUSR1, [](int) { _exit(5); });
          os::raise_here(SIGUSR1);
          _exit(6);
        }).exited_with(5));
}

TEST_CASE("abort_process dies of SIGABRT whatever the program wants of it", "[os]") {
  CHECK(test::in_child([] { os::abort_process(); }).died_of(SIGABRT));
  CHECK(test::in_child([] {
          block(SIGABRT);
          os::abort_process();
        }).died_of(SIGABRT));
  CHECK(test::in_child([] {
          signal(SIGABRT, SIG_IGN);
          os::abort_process();
        }).died_of(SIGABRT));
  CHECK(test::in_child([] {
          signal(SIGABRT, do_nothing);
          os::abort_process();
        }).died_of(SIGABRT));
}

TEST_CASE("abort_process lets the program's handler leave first", "[os]") {
  CHECK(test::in_child([] {
          signal(SIGABRT, [](int) { _exit(9); });
          os::abort_process();
        }).exited_with(9));
}

TEST_CASE("exit_process runs no exit handlers", "[os]") {
  CHECK(test::in_child([] {
          std::atexit([] { _exit(1); });
          os::exit_process(42);
        }).exited_with(42));
}

TEST_CASE("sleep_milliseconds takes its time", "[os]") {
  const auto begin = std::chrono::steady_clock::now();
  os::sleep_milliseconds(20);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(20));
}

TEST_CASE("the parent and the time of day", "[os]") {
  CHECK(os::parent_process_id() == getppid());
  const auto before = static_cast<std::uint64_t>(time(nullptr)) * 1000;
  const std::uint64_t now = os::milliseconds_since_1970();
  CHECK(now >= before);
  CHECK(now < before + 60000);
}

TEST_CASE("the current directory", "[os]") {
  char path[4096];
  REQUIRE(os::current_directory(path, sizeof path));
  CHECK(std::string(path) == std::filesystem::current_path());
  CHECK(!os::current_directory(path, 1));
}

TEST_CASE("a variable that is empty is told from one that is not there", "[os]") {
  CHECK(os::initial_environment("FENCEPOST_UNIT_TEST_VARIABLE").data() == nullptr);
  REQUIRE(os::initial_environment() != nullptr);
}
