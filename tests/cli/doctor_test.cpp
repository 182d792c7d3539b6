// fencepost doctor
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>

#include "cli/tool.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

namespace fs = std::filesystem;
using support::Outcome;

/// What it says of a subject: "mark text"; empty if it does not speak of it.
std::string remark(const Outcome& outcome, const std::string& subject) {
  const std::regex pattern("  (ok|note|BAD) +" + subject + " +(.*)");
  std::smatch match;
  for (const std::string& line : lines_of(outcome.out)) {
    if (std::regex_match(line, match, pattern)) return match[1].str() + " " + match[2].str();
  }
  return "";
}

Outcome doctor(const std::string& program) {
  Outcome outcome = tool({"doctor", program});
  UNSCOPED_INFO(outcome.out << outcome.err);
  return outcome;
}

void check_guarded(const Outcome& outcome) {
  CHECK(outcome.ending() == "exit 0");
  CHECK(contains(lines_of(outcome.out).back(), " will be guarded, by "));
}

void check_not_guarded(const Outcome& outcome, const std::string& subject, const std::string& reason) {
  CHECK(outcome.ending() == "exit 1");
  CHECK(contains(lines_of(outcome.out).back(), " will NOT be guarded"));
  CHECK(remark(outcome, subject).starts_with("BAD "));
  CHECK(contains(remark(outcome, subject), reason));
}

TEST_CASE("the system: the engine that a program really gets, and the limits", "[doctor]") {
  const Outcome outcome = tool({"doctor"});
  INFO(outcome.out);
  CHECK(outcome.ending() == "exit 0");
  support::Command probe;
  probe.arguments = {program_path("clean_no_allocation")};
  probe.environment = {{"LD_PRELOAD", FENCEPOST_LIBRARY}, {"FENCEPOST_OPTIONS", "verbosity=2"}};
  const std::string said = support::run(probe).err;
  const std::string engine = std::regex_replace(remark(outcome, "engine"), std::regex("(ok|note) |,.*"), "");
  REQUIRE_FALSE(engine.empty());
  CHECK(contains(said, "Fencepost: engine " + engine));
  for (const char* const subject :
       {"system", "library", "libunwind", "mappings", "overcommit", "memory", "core dumps", "ptrace", "seccomp"}) {
    INFO(subject);
    CHECK_FALSE(remark(outcome, subject).empty());
  }
  std::string limit;
  std::ifstream("/proc/sys/vm/max_map_count") >> limit;
  CHECK(contains(remark(outcome, "mappings"), limit));
  CHECK(lines_of(outcome.out).back() == "Verdict: programs are guarded here, by " + engine + ".");
}

TEST_CASE("an engine that is chosen is told, and what can't work is bad", "[doctor]") {
  support::Command command = tool_command({"doctor"});
  command.environment["FENCEPOST_OPTIONS"] = "engine=mprotect";
  CHECK(remark(support::run(command), "engine").starts_with("ok mprotect"));
  command.environment["FENCEPOST_OPTIONS"] = "engine=none";
  const Outcome nothing = support::run(command);
  CHECK(nothing.ending() == "exit 1");
  CHECK(remark(nothing, "engine").starts_with("BAD none"));
  CHECK(tool({"doctor", "--library", "/no/such.so"}).ending() == "exit 1");
}

TEST_CASE("limits of the caller are told", "[doctor]") {
  const Outcome outcome = shell("ulimit -v 8000000; " FENCEPOST_TOOL " doctor");
  CHECK(contains(remark(outcome, "ulimit -v"), "7812 MiB"));
}

TEST_CASE("a dynamic program, with symbols and debug information", "[doctor]") {
  const Outcome outcome = doctor(program_path("overrun_write_by_1"));
  check_guarded(outcome);
  CHECK(remark(outcome, "linkage").starts_with("ok dynamic"));
  CHECK(remark(outcome, "debug info").starts_with("ok in the program"));
  CHECK(remark(outcome, "allocator").starts_with("ok the system's"));
}

TEST_CASE("static programs", "[doctor]") {
  check_not_guarded(doctor(program_path("overrun_write_by_1.fully_static")), "linkage", "static");
  for (const char* const variant : {"static", "fully_static.static", "static_pie.static"}) {
    const Outcome linked = doctor(program_path(std::string("overrun_write_by_1.") + variant));
    check_guarded(linked);
    CHECK(remark(linked, "linkage") == "ok libfencepost.a is linked in");
  }
}

TEST_CASE("a program with an allocator of its own", "[doctor]") {
  check_not_guarded(doctor(program_path("clean_own_malloc")), "allocator", "malloc");
  const Outcome operators = doctor(program_path("clean_own_operator_new"));
  check_guarded(operators);
  CHECK(remark(operators, "allocator").starts_with("note it defines _Z"));
}

TEST_CASE("a stripped program, and one whose debug information is elsewhere", "[doctor]") {
  const support::TemporaryDirectory directory;
  const std::string copy = directory.path() / "program";
  const std::string debug = directory.path() / "program.debug";
  fs::copy_file(program_path("overrun_write_by_1"), copy);
  REQUIRE(shell("objcopy --only-keep-debug " + copy + " " + debug + " && strip " + copy).ending() == "exit 0");
  const Outcome stripped = doctor(copy);
  check_guarded(stripped);
  CHECK(remark(stripped, "debug info").starts_with("note none was found, and the program is stripped"));
  REQUIRE(shell("cd " + directory.path().string() + " && objcopy --add-gnu-debuglink=program.debug program").ending() ==
          "exit 0");
  CHECK(remark(doctor(copy), "debug info") == "ok in " + debug + ": reports have source lines");
}

TEST_CASE("scripts: their interpreter is what counts", "[doctor]") {
  const support::TemporaryDirectory directory;
  const auto script = [&](const std::string& first_line) {
    const std::string path = directory.path() / "script";
    std::ofstream(path) << first_line << "\nexit 0\n";
    chmod(path.c_str(), 0755);
    return doctor(path);
  };
  const Outcome plain = script("#!/bin/sh -e");
  check_guarded(plain);
  CHECK(contains(remark(plain, "script"), "/bin/sh,"));
  const Outcome by_env = script("#!/usr/bin/env -S A=1 bash -e");
  check_guarded(by_env);
  CHECK(contains(remark(by_env, "script"), "/bin/bash,"));
  check_not_guarded(script("#!/no/such/interpreter"), "script", "/no/such/interpreter");
  check_not_guarded(script("#!" + program_path("overrun_write_by_1.fully_static")), "linkage", "static");
}

TEST_CASE("files that are no programs", "[doctor]") {
  check_not_guarded(doctor("/no/such/program"), "file", "not found");
  check_not_guarded(doctor("no-such-program"), "file", "not found");
  const support::TemporaryDirectory directory;
  const std::string path = directory.path() / "file";
  std::ofstream(path) << "just text\n";
  chmod(path.c_str(), 0644);
  check_not_guarded(doctor(path), "file", "may not be executed");
  chmod(path.c_str(), 0755);
  check_not_guarded(doctor(path), "file", "neither");
}

TEST_CASE("a program for another machine", "[doctor]") {
  const support::TemporaryDirectory directory;
  const std::string path = directory.path() / "program";
  fs::copy_file(program_path("clean_no_allocation"), path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(18);           // e_machine
  file.write("\x16\0", 2);  // EM_S390
  file.close();
  check_not_guarded(doctor(path), "architecture", "not ");
}

TEST_CASE("a set-user-ID program of another user", "[doctor]") {
  if (getuid() != 0) {
    WARN("only root can make a program set-user-ID to somebody else");
    return;
  }
  constexpr uid_t kOwner = 2;
  const support::TemporaryDirectory directory;
  REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
  const std::string copy = directory.path() / "program";
  fs::copy_file(program_path("overrun_write_by_1"), copy);
  REQUIRE(chown(copy.c_str(), kOwner, kOwner) == 0);
  REQUIRE(chmod(copy.c_str(), 0755) == 0);
  check_guarded(doctor(copy));
  REQUIRE(chmod(copy.c_str(), 04755) == 0);
  check_not_guarded(doctor(copy), "rights", "the loader ignores LD_PRELOAD");
}

}  // namespace
}  // namespace fencepost::cli_tests
