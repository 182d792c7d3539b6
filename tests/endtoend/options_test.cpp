// FENCEPOST_OPTIONS.
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using Catch::Matchers::Contains;
using support::Outcome;

TEST_CASE("an unknown option is named, with those there are", "[options]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("clean_prints_new_block", setting, "nonsense=1:fill_malloc=0x5a");
    const auto messages = support::parse_messages(outcome.err);
    REQUIRE(messages.size() == 1);
    CHECK_THAT(messages[0], Contains("unknown option 'nonsense'"));
    for (const char* const known : {"engine", "align", "side", "depth", "on_error", "log_path", "verbosity"}) {
      CHECK_THAT(messages[0], Contains(known));
    }
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.out == "5a 5a\n");  // the rest counts
  }
}

TEST_CASE("a bad value is named, with what is accepted, and the default stays", "[options]") {
  const auto [options, key, accepted] = GENERATE(table<const char*, const char*, const char*>({
      {"depth=65", "depth", "0 to 64"},
      {"depth=-1", "depth", "0 to 64"},
      {"depth", "depth", "0 to 64"},
      {"depth=99999999999999999999999", "depth", "0 to 64"},
      {"fill_malloc=256", "fill_malloc", "none"},
      {"fill_malloc=x", "fill_malloc", "none"},
      {"side=middle", "side", "end|begin|random"},
      {"align=3", "align", "natural|1|2|4"},
      {"engine=magic", "engine", "mprotect"},
      {"on_error=ignore", "on_error", "abort|exit"},
      {"exitcode=0", "exitcode", "1 to 255"},
      {"verbosity=3", "verbosity", "0 to 2"},
      {"help=yes", "help", "0|1"},
  }));
  for (const Setting& setting : both_flavours()) {
    INFO(options << ", " << describe(setting));
    const Outcome outcome = run("clean_prints_new_block", setting, options);
    const auto messages = support::parse_messages(outcome.err);
    REQUIRE(messages.size() == 1);
    CHECK_THAT(messages[0], Contains(std::string("for option ") + key));
    CHECK_THAT(messages[0], Contains("bad value") && Contains(accepted));
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.out == "be be\n");
  }
}

TEST_CASE("help=1 lists the options and lets the program run", "[options]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("clean_prints_new_block", setting, "help=1");
    for (const char* const option :
         {"engine=", "align=", "side=", "seed=", "depth=", "fill_malloc=", "fill_max=", "fill_slack=", "max_blocks=",
          "on_error=", "exitcode=", "log_path=", "verbosity=", "help="}) {
      CHECK_THAT(outcome.err, Contains(std::string("  ") + option));
    }
    CHECK(outcome.ending() == "exit 0");
    CHECK(outcome.out == "be be\n");
  }
}

TEST_CASE("on_error=exit leaves with exitcode", "[options]") {
  for (const char* const program :
       {"overrun_write_by_1", "use_after_free_read", "double_free", "free_stack_address", "slack_overwritten_after",
        "slack_found_at_exit", "null_dereference", "overrun_in_thread", "overrun_in_8_threads_at_once"}) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      const Outcome preset = run(program, setting, "on_error=exit");
      CHECK(preset.ending() == "exit 86");
      CHECK(support::parse_reports(preset.err).size() == 1);
      CHECK(run(program, setting, "on_error=exit:exitcode=7").ending() == "exit 7");
    }
  }
}

TEST_CASE("log_path takes the report", "[options]") {
  for (const char* const program : {"overrun_write_by_1", "double_free", "slack_found_at_exit"}) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      const support::TemporaryDirectory directory;
      const Outcome outcome = run(program, setting, "log_path=" + (directory.path() / "report.%p.txt").string());
      CHECK(outcome.err.empty());
      const auto file = directory.path() / ("report." + std::to_string(outcome.pid) + ".txt");
      const auto reports = support::parse_reports(support::read_file(file));
      REQUIRE(reports.size() == 1);
      CHECK(!reports[0].summary.empty());
      CHECK(reports[0].pid == outcome.pid);
    }
  }
}

TEST_CASE("log_path separates a child's report from the parent's", "[options]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::TemporaryDirectory directory;
    const Outcome outcome =
        run("use_after_free_in_forked_child", setting, "verbosity=1:log_path=" + (directory.path() / "%p").string());
    CHECK(outcome.err.empty());
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) files.push_back(entry.path());
    REQUIRE(files.size() == 2);
    const auto own = directory.path() / std::to_string(outcome.pid);
    CHECK_THAT(support::read_file(own), Contains("coverage:"));
    std::erase(files, own.string());
    REQUIRE(files.size() == 1);
    CHECK(support::parse_reports(support::read_file(files[0])).size() == 1);
  }
}

TEST_CASE("a log_path that can't be opened falls back to standard error", "[options]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const Outcome outcome = run("overrun_write_by_1", setting, "log_path=/nonexistent/directory/file");
    CHECK(outcome.ending() == kDiesOfFault);
    CHECK(support::parse_reports(outcome.err).size() == 1);
  }
}

TEST_CASE("depth bounds the stored traces", "[options]") {
  for (const Setting& setting : all_settings()) {
    for (const std::size_t depth : {0u, 1u, 2u, 30u}) {
      INFO(describe(setting) << ", depth " << depth);
      const Outcome outcome = run("use_after_free_read", setting, "depth=" + std::to_string(depth));
      CHECK(outcome.ending() == kDiesOfFault);
      const auto reports = support::parse_reports(outcome.err);
      REQUIRE(reports.size() == 1);
      CHECK(reports[0].place == freed(inside(5, 48)));
      CHECK(begins_with(reports[0].error.frames, {"use", "main"}));
      const Frames allocation{"make_block", "main"};
      const Frames release{"release", "main"};
      const std::size_t told = std::min<std::size_t>(depth, 2);
      CHECK(begins_with(reports[0].allocation.frames, {allocation.begin(), allocation.begin() + told}));
      CHECK(begins_with(reports[0].release.frames, {release.begin(), release.begin() + told}));
      CHECK(reports[0].allocation.frames.size() <= depth);
      CHECK(reports[0].release.frames.size() <= depth);
    }
  }
}

TEST_CASE("fill_malloc is what new blocks hold", "[options]") {
  const auto [options, bytes] = GENERATE(table<const char*, const char*>({
      {"", "be be\n"},
      {"fill_malloc=0x5a", "5a 5a\n"},
      {"fill_malloc=17", "11 11\n"},
      {"fill_malloc=none", "00 00\n"},
      {"fill_max=47", "be 00\n"},
  }));
  for (const Setting& setting : all_settings()) {
    INFO(options << ", " << describe(setting));
    CHECK(run("clean_prints_new_block", setting, options).out == bytes);
  }
}

std::string placement(const Setting& setting, const std::string& options) {
  return run("clean_prints_placement", setting, options).out;
}

TEST_CASE("side chooses the end of the page, and a seed repeats a random choice", "[options]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    CHECK(placement(setting, "side=end") == std::string(64, 'E') + "\n");
    CHECK(placement(setting, "side=begin") == std::string(64, 'B') + "\n");
    const std::string first = placement(setting, "side=random:seed=1");
    CHECK(first == placement(setting, "side=random:seed=1"));
    CHECK(first != placement(setting, "side=random:seed=2"));
    CHECK(std::count(first.begin(), first.end(), 'B') > 10);
    CHECK(std::count(first.begin(), first.end(), 'E') > 10);
  }
}

TEST_CASE("a program may bring its own defaults, and the environment overrides them", "[options]") {
  for (const char* const engine : kEngines) {
    const Setting setting{engine, Flavour::linked};
    INFO(describe(setting));
    CHECK(run("default_options", setting).ending() == "exit 9");
    CHECK(run("default_options", setting, "exitcode=10").ending() == "exit 10");
    CHECK(run("default_options", setting, "on_error=abort").ending() == kDiesOfFault);
    support::Command without = command("default_options", setting);
    without.environment.erase("FENCEPOST_OPTIONS");
    CHECK(support::run(without).ending() == "exit 9");
  }
}

TEST_CASE("a set-user-ID program takes no options", "[options]") {
  constexpr uid_t kOwner = 65534;
  constexpr uid_t kCaller = 1;
  const support::TemporaryDirectory directory;
  struct statvfs file_system {};
  REQUIRE(statvfs(directory.path().c_str(), &file_system) == 0);
  if (getuid() != 0 || (file_system.f_flag & ST_NOSUID) != 0) {
    WARN("not checked: needs root and a temporary directory that allows set-user-ID programs");
    return;
  }
  REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
  const std::string copy = directory.path() / "program";
  std::filesystem::copy_file(program_path("overrun_write_by_1.static"), copy);
  REQUIRE(chown(copy.c_str(), kOwner, kOwner) == 0);
  support::Command program = command("overrun_write_by_1", {"auto", Flavour::linked}, "on_error=exit:help=1");
  program.arguments = {copy};
  program.before_exec = [] {
    if (setgid(kCaller) != 0 || setuid(kCaller) != 0) _exit(125);
  };

  REQUIRE(chmod(copy.c_str(), 0755) == 0);
  const Outcome plain = support::run(program);
  CHECK(plain.ending() == "exit 86");  // the very same program without the bit
  CHECK_THAT(plain.err, Contains("verbosity="));

  REQUIRE(chmod(copy.c_str(), 04755) == 0);
  const Outcome raised = support::run(program);
  CHECK(raised.ending() == kDiesOfFault);
  CHECK(support::parse_reports(raised.err).size() == 1);
  CHECK_THAT(raised.err, !Contains("verbosity="));

  const std::string tool = directory.path() / "tool";
  std::ofstream(tool) << "#!/bin/sh\ncat\n";
  REQUIRE(chmod(tool.c_str(), 0755) == 0);
  program.environment["FENCEPOST_TOOL"] = tool;
  CHECK(support::parse_reports(support::run(program).err).size() == 1);

  const std::string suppressions = directory.path() / "all.supp";
  std::ofstream(suppressions) << "*\n";
  program.environment["FENCEPOST_OPTIONS"] = "suppressions=" + suppressions;
  CHECK(support::run(program).ending() == kDiesOfFault);
  REQUIRE(chmod(copy.c_str(), 0755) == 0);
  CHECK(support::run(program).ending() == "exit 0");
}

}  // namespace
}  // namespace fencepost::endtoend
