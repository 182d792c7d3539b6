// The ways to link a program, and what its death leaves.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using support::Outcome;

/// One report of `kind` whose trace begins as said.
void check_found(const std::string& program, const Setting& setting, const std::string& kind, const Frames& error,
                 const Frames& allocation) {
  INFO(program << ", " << describe(setting));
  const Outcome outcome = run(program, setting);
  INFO(outcome.err);
  const auto reports = support::parse_reports(outcome.err);
  REQUIRE(reports.size() == 1);
  const char* const survived = kind == "bad-syscall-buffer" ? "exit 0" : kDiesOfFault;
  CHECK(outcome.ending() == (kind == "double-free" ? kAborts : survived));
  CHECK(reports[0].kind == kind);
  CHECK(begins_with(reports[0].error.frames, error));
  CHECK(begins_with(reports[0].allocation.frames, allocation));
  CHECK(!reports[0].summary.empty());
}

void check_found_in(const std::string& variant, const Setting& setting) {
  check_found("overrun_write_by_1" + variant, setting, "heap-buffer-overflow", {"overrun", "main"},
              {"make_block", "main"});
  check_found("double_free" + variant, setting, "double-free", {"second_free", "main"}, {"main"});
  check_found("overrun_in_named_thread" + variant, setting, "heap-buffer-overflow", {"overrun"}, {"overrun"});
  check_found("overrun_new" + variant, setting, "heap-buffer-overflow", {"overrun", "main"}, {"main"});
  check_found("bad_read_past_the_end" + variant, setting, "bad-syscall-buffer", {"use", "main"}, {"main"});
  for (const char* const clean : {"clean_realloc", "clean_exceptions", "clean_cancelled_calls"}) {
    INFO(clean << variant);
    const Outcome outcome = run(clean + variant, setting);
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("programs that are not position-independent", "[linkage]") {
  for (const Setting& setting : all_settings()) check_found_in(".no_pie", setting);
}

TEST_CASE("fully static programs", "[linkage]") {
  const std::string variant = GENERATE(".fully_static", ".static_pie");
  for (const char* const engine : kEngines) check_found_in(variant, {engine, Flavour::linked});
}

TEST_CASE("a fully static program without pthread_create is told which linker option it needs", "[linkage]") {
  const Outcome outcome = run("overrun_in_named_thread.without_threads", {"auto", Flavour::linked});
  CHECK_THAT(outcome.err, Catch::Matchers::Contains("-Wl,-u,__pthread_create_2_1"));
}

TEST_CASE("LD_PRELOAD does not touch a fully static program", "[linkage]") {
  for (const char* const program : {"overrun_write_by_1.fully_static", "clean_realloc.fully_static"}) {
    const Outcome outcome = run(program, {"auto", Flavour::preload}, "verbosity=2");
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.err.empty());
  }
}

/// How much a dying program left on the disk, in bytes that are really there.
std::uint64_t core_bytes(support::Command dying, Outcome& outcome) {
  const support::TemporaryDirectory directory;
  dying.directory = directory.path();
  dying.time_limit = std::chrono::seconds(30);
  dying.before_exec = [] {
    rlimit limit{};
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
  };
  outcome = support::run(dying);
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    struct stat status {};
    if (stat(entry.path().c_str(), &status) == 0) bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

TEST_CASE("a core dump is left, and is no larger than it must be", "[linkage]") {
  Outcome plain;
  if (core_bytes({.arguments = {program_path("null_dereference")}}, plain) == 0) {
    WARN("not checked: without Fencepost too, no core dump comes to the current directory");
    return;
  }
  for (const char* const program : {"overrun_write_by_1", "double_free", "use_after_free_of_large_block"}) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      Outcome outcome;
      const std::uint64_t bytes = core_bytes(command(program, setting), outcome);
      REQUIRE(outcome.ending() == (program == std::string("double_free") ? kAborts : kDiesOfFault));
      CHECK(WCOREDUMP(outcome.status));
      CHECK(bytes > 0);
      CHECK(bytes < 64u << 20);
    }
  }
}

}  // namespace
}  // namespace fencepost::endtoend
