// Forks, execs, daemons, threads' ends and the loader.
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>

#include "endtoend/clean.h"
#include "endtoend/flavours.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

TEST_CASE("new processes", "[processes]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_fork_keeps_blocks"},
      {.program = "clean_fork_of_forks"},
      {.program = "clean_fork_threaded"},
      {.program = "clean_vfork_exec"},
      {.program = "clean_posix_spawn"},
      {.program = "clean_system", .out = "from system\nto popen\n"},
      {.program = "clean_exec_chain", .out = "fifth\n"},
  })));
}

/// What the daemon says into the FIFO; empty if nobody does in a minute.
std::string read_fifo(const std::string& path) {
  const int fifo = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  std::string text;
  pollfd ready{fifo, POLLIN, 0};
  if (poll(&ready, 1, 60000) == 1) {
    std::array<char, 64> buffer{};
    const ssize_t n = read(fifo, buffer.data(), buffer.size());
    if (n > 0) text.assign(buffer.data(), static_cast<std::size_t>(n));
  }
  close(fifo);
  return text;
}

TEST_CASE("a daemon lets go of its parent's pipes, and lives on", "[processes]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::TemporaryDirectory directory;
    const std::string fifo = directory.path() / "fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    support::Command daemon = command("clean_daemon", setting, "verbosity=2");
    daemon.arguments.push_back(fifo);
    const support::Outcome outcome = support::run(daemon);  // until the end of its output
    CHECK(outcome.ending() == "exit 0");
    CHECK(read_fifo(fifo) == "alive\n");
  }
}

TEST_CASE("all descriptors closed", "[processes]") { check_clean({.program = "clean_closed_descriptors"}); }

TEST_CASE("all descriptors closed, and still told what happened", "[processes]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run("clean_closed_descriptors", setting, "verbosity=2");
    CHECK(outcome.ending() == "exit 0");
    CHECK_THAT(outcome.err, Catch::Matchers::Contains("coverage:"));
  }
}

TEST_CASE("threads come and go", "[processes]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_thread_specific"},
      {.program = "clean_thread_endings"},
      {.program = "clean_main_thread_exits"},
      {.program = "clean_threads_exchange_blocks"},
  })));
}

TEST_CASE("allocation after main", "[processes]") {
  check_clean({.program = "clean_late_allocation",
               .out = "thread\nthread_local destructor\nmain\nthread_local destructor\natexit handler\n"
                      "global destructor\ndestructor function\n"});
}

TEST_CASE("the loader", "[processes]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_dlopen_runpath"},
      {.program = "clean_deepbind", .needs_fencepost = true},
      {.program = "clean_dlerror"},
  })));
}

TEST_CASE("a library that allocates before anyone is ready", "[processes]") {
  for (const char* const early : {"libplugin_early_constructor.so", "libplugin_early_resolver.so"}) {
    for (const char* const engine : kEngines) {
      const std::string path = program_path(early);
      const std::string fencepost = FENCEPOST_LIBRARY;
      for (const std::string& order : {fencepost + " " + path, path + " " + fencepost}) {
        INFO(order << ", engine " << engine);
        support::Command program = command("clean_after_early_library", {engine, Flavour::preload});
        program.environment["LD_PRELOAD"] = order;
        const support::Outcome outcome = support::run(program);
        INFO(outcome.err);
        CHECK(outcome.ending() == "exit 0");
        CHECK(outcome.err.empty());
      }
    }
  }
}

}  // namespace
}  // namespace fencepost::endtoend
