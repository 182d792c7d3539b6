// What a process may do to itself, and still be as without Fencepost, and guarded.
#include <catch2/catch.hpp>

#include "endtoend/flavours.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using support::Outcome;

struct Manner {
  const char* name;
  bool names_functions = true;  ///< their files can still be opened
};

constexpr Manner kManners[] = {
    {"setuid"},
    {"chroot", false},
    {"chroot, setuid", false},
    {"user namespace"},
    {"mount namespace"},
    {"pid namespace"},
    {"user, mount and pid namespace"},
    {"not dumpable"},
    {"traced"},
    {"traced, and asks to be"},
    {"no descriptors", false},
    {"3 descriptors", false},
    {"small stack"},
    {"no core"},
    {"no file size"},
    {"64 MiB of data"},
    {"one process"},
    {"closed by number"},
    {"all signals blocked"},
    {"sigwait"},
    {"signalfd"},
};

Outcome run_manner(const Manner& manner, const char* what, support::Command program) {
  program.arguments.insert(program.arguments.end(), {manner.name, what});
  return support::run(program);
}

Outcome run_plainly(const Manner& manner) {
  support::Command plain;
  plain.arguments = {program_path("every_manner")};
  return run_manner(manner, "clean", plain);
}

void check_overrun(const std::string& text, bool names_functions = true) {
  const auto reports = support::parse_reports(text);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].kind == "heap-buffer-overflow");
  CHECK(reports[0].action == "WRITE");
  CHECK(reports[0].place == support::Place{"after", 0, 16, false});
  CHECK(reports[0].allocation.frames.size() >= 2);
  REQUIRE(reports[0].error.frames.size() >= 2);
  CHECK(reports[0].error.frames[0] == (names_functions ? "overrun" : "?"));
  CHECK(!reports[0].summary.empty());
}

TEST_CASE("a process that changes what it may do is as without Fencepost", "[manners]") {
  for (const Manner& manner : kManners) {
    const Outcome plain = run_plainly(manner);
    INFO(manner.name << "\n" << plain.err);
    REQUIRE(plain.ending() == "exit 0");
    for (const Setting& setting : all_settings_and_batches()) {
      const Outcome clean = run_manner(manner, "clean", command("every_manner", setting));
      INFO(describe(setting) << "\n" << clean.err);
      CHECK(clean.ending() == plain.ending());
      CHECK(clean.out == plain.out);
      CHECK(clean.err.empty());
    }
  }
}

TEST_CASE("a process that changed what it may do is still guarded", "[manners]") {
  for (const Manner& manner : kManners) {
    for (const Setting& setting : all_settings_and_batches()) {
      const bool closes = manner.name == std::string("closed by number");
      const Outcome broken = run_manner(manner, "error", command("every_manner", setting));
      INFO(manner.name << ", " << describe(setting) << "\n" << broken.err);
      CHECK(broken.ending() == "signal 11");
      if (!closes) check_overrun(broken.err, manner.names_functions);
    }
  }
}

TEST_CASE("a report goes into its file though all descriptors are closed", "[manners]") {
  for (const char* const name : {"closed", "closed by number"}) {
    for (const Setting& setting : all_settings()) {
      const support::TemporaryDirectory directory;
      const std::string log = directory.path() / "log";
      const Outcome broken = run_manner({name}, "error", command("every_manner", setting, "log_path=" + log));
      INFO(name << ", " << describe(setting));
      CHECK(broken.ending() == "signal 11");
      CHECK(broken.err.empty());
      check_overrun(support::read_file(log));
    }
  }
}

TEST_CASE("a report that its file may not take goes to standard error", "[manners]") {
  for (const Setting& setting : all_settings()) {
    const support::TemporaryDirectory directory;
    const std::string options = "log_path=" + (directory.path() / "log").string();
    const Outcome broken = run_manner({"no file size"}, "error", command("every_manner", setting, options));
    INFO(describe(setting) << "\n" << broken.err);
    CHECK(broken.ending() == "signal 11");
    check_overrun(broken.err);
  }
}

/// Filters under which nothing can be guarded any more, and how the program is to end: exit_group is not for all.
constexpr std::pair<Manner, const char*> kKillingFilters[] = {
    {{"filter that kills"}, "clean"}, {{"filter by seccomp that traps"}, "clean"}, {{"strict"}, "leave"}};

TEST_CASE("under a filter that ends it for what a fence takes a process is as without Fencepost", "[manners]") {
  for (const auto& [manner, what] : kKillingFilters) {
    support::Command program;
    program.arguments = {program_path("every_manner")};
    const Outcome plain = run_manner(manner, what, program);
    INFO(manner.name << "\n" << plain.err);
    REQUIRE(plain.ending() == "exit 0");
    for (const Setting& setting : all_settings_and_batches()) {
      const Outcome clean = run_manner(manner, what, command("every_manner", setting));
      INFO(describe(setting) << "\n" << clean.err);
      CHECK(clean.ending() == plain.ending());
      CHECK(clean.out == plain.out);
      CHECK(clean.err.empty());
      const Outcome told = run_manner(manner, what, command("every_manner", setting, "verbosity=1"));
      CHECK(told.err.find("blocks are unguarded from here on") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace fencepost::endtoend
