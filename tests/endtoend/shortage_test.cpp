// What is short makes Fencepost see less, and the program none the worse.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>

#include "endtoend/flavours.h"
#include "support/report_parser.h"

namespace fencepost::endtoend {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

struct Coverage {
  std::string engine;
  std::uint64_t allocations = 0;
  double guarded_percent = 0;
  std::uint64_t most_guarded = 0;
  std::string rest;
};

Coverage parse_coverage(const std::string& line) {
  static const std::regex pattern(
      R"(coverage: [^:]+: engine ([a-z_]+); (\d+) allocations?, ([0-9.]+)% guarded; at most (\d+) guarded at once; (.*))");
  std::smatch m;
  INFO(line);
  REQUIRE(std::regex_match(line, m, pattern));
  return {m[1], std::stoull(m[2]), std::stod(m[3]), std::stoull(m[4]), m[5]};
}

/// The messages of a run that ended well and found nothing.
std::vector<std::string> messages_of(const support::Outcome& outcome) {
  INFO(outcome.err);
  CHECK(outcome.ending() == "exit 0");
  CHECK(support::parse_reports(outcome.err).empty());
  return support::parse_messages(outcome.err);
}

std::uint64_t mapping_limit() {
  std::uint64_t limit = 0;
  std::ifstream("/proc/sys/vm/max_map_count") >> limit;
  return limit;
}

TEST_CASE("coverage is told at verbosity=1", "[shortage]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const auto messages = messages_of(run("clean_1000_live_blocks", setting, "verbosity=1"));
    REQUIRE(messages.size() == 1);
    const Coverage coverage = parse_coverage(messages[0]);
    CHECK(coverage.engine != "none");
    if (setting.engine != "auto") CHECK(coverage.engine == setting.engine);
    CHECK(coverage.allocations == 2000);
    CHECK(coverage.guarded_percent == 100.0);
    CHECK(coverage.most_guarded >= 1001);
    CHECK(coverage.most_guarded <= 1100);
    CHECK(messages_of(run("clean_1000_live_blocks", setting)).empty());
  }
}

TEST_CASE("the engine is told at verbosity=2", "[shortage]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const auto messages = messages_of(run("clean_1000_live_blocks", setting, "verbosity=2"));
    REQUIRE(messages.size() >= 2);
    CHECK_THAT(messages[0], StartsWith("engine "));
    CHECK_THAT(messages.back(), StartsWith("coverage: "));
  }
}

TEST_CASE("engine=none guards nothing and says so", "[shortage]") {
  for (const Flavour flavour : {Flavour::preload, Flavour::linked}) {
    const auto messages = messages_of(run("clean_1000_live_blocks", {"none", flavour}, "verbosity=1"));
    REQUIRE(messages.size() == 1);
    const Coverage coverage = parse_coverage(messages[0]);
    CHECK(coverage.engine == "none");
    CHECK(coverage.guarded_percent == 0.0);
    CHECK_THAT(coverage.rest, Contains("2000 unguarded because asked for by engine=none"));
  }
}

TEST_CASE("100,000 blocks alive pass the mapping limit without harm", "[shortage]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const auto messages = messages_of(run("clean_many_live_blocks", setting, "verbosity=1"));
    REQUIRE(!messages.empty());
    const Coverage coverage = parse_coverage(messages.back());
    CHECK(coverage.allocations == 110000);
    if (coverage.engine != "mprotect" || mapping_limit() > 300000) {
      CHECK(coverage.guarded_percent == 100.0);
      CHECK(messages.size() == 1);
      continue;
    }
    REQUIRE(messages.size() == 2);
    CHECK_THAT(messages[0], StartsWith("WARNING: "));
    CHECK_THAT(messages[0], Contains("vm.max_map_count is " + std::to_string(mapping_limit())));
    CHECK_THAT(messages[0], Contains("limit of " + std::to_string(coverage.most_guarded) + " guarded blocks"));
    CHECK(coverage.most_guarded >= mapping_limit() * 2 / 5);
    CHECK(coverage.most_guarded <= mapping_limit() / 2);
    CHECK(coverage.guarded_percent >= 100.0 * static_cast<double>(coverage.most_guarded) / 110000 - 0.1);
    CHECK(coverage.guarded_percent < 100.0);
    CHECK_THAT(coverage.rest, Contains("unguarded because the limit of"));
  }
}

TEST_CASE("max_blocks bounds the guarded blocks", "[shortage]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const auto messages = messages_of(run("clean_1000_live_blocks", setting, "max_blocks=100:verbosity=1"));
    REQUIRE(messages.size() == 2);
    CHECK_THAT(messages[0], StartsWith("WARNING: the limit of 100 guarded blocks alive is reached"));
    const Coverage coverage = parse_coverage(messages[1]);
    CHECK(coverage.most_guarded == 100);
    CHECK(coverage.guarded_percent > 0.0);
    CHECK(coverage.guarded_percent < 20.0);
  }
}

TEST_CASE("a limit of address space is survived", "[shortage]") {
  const rlim_t mebibytes = GENERATE(512, 1024, 2048, 8192);
  for (const char* const program : {"clean_realloc", "clean_1000_live_blocks", "clean_fork_keeps_blocks",
                                    "clean_thread_endings", "clean_exceptions"}) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting) << ", " << mebibytes << " MiB");
      support::Command limited = command(program, setting, "verbosity=1");
      limited.before_exec = [mebibytes] {
        const rlimit limit{mebibytes << 20, mebibytes << 20};
        setrlimit(RLIMIT_AS, &limit);
      };
      const auto messages = messages_of(support::run(limited));
      REQUIRE(!messages.empty());
      const Coverage coverage = parse_coverage(messages.back());
      if (mebibytes >= 2048) CHECK(coverage.guarded_percent > 0.0);
    }
  }
}

/// A run with at most this much address space.
support::Outcome run_within(rlim_t mebibytes, std::string_view program, const Setting& setting) {
  support::Command limited = command(program, setting, "verbosity=1");
  limited.before_exec = [mebibytes] {
    const rlimit limit{mebibytes << 20, mebibytes << 20};
    setrlimit(RLIMIT_AS, &limit);
  };
  return support::run(limited);
}

TEST_CASE("all blocks are guarded in a little address space, which is used again", "[shortage]") {
  const rlim_t mebibytes = GENERATE(1024, 4096);
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting) << ", " << mebibytes << " MiB");
    const auto messages = messages_of(run_within(mebibytes, "clean_churn_200000", setting));
    REQUIRE(messages.size() == 2);
    CHECK_THAT(messages[0], StartsWith("the address space for guarded blocks is used up"));
    const Coverage coverage = parse_coverage(messages[1]);
    CHECK(coverage.guarded_percent == 100.0);
    CHECK_THAT(coverage.rest, Contains("address space was used again "));
  }
}

TEST_CASE("a block that was freed a while ago faults in address space that is used again", "[shortage]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const support::Outcome outcome = run_within(1024, "use_after_free_in_little_address_space", setting);
    INFO(outcome.err);
    CHECK(outcome.ending() == "signal 11");
    const auto reports = support::parse_reports(outcome.err);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == "use-after-free");
  }
}

TEST_CASE("blocks that get no guard regions in locked memory are counted", "[shortage]") {
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    const auto messages = messages_of(run("clean_mlockall", setting, "verbosity=1"));
    REQUIRE(messages.size() == 1);
    const Coverage coverage = parse_coverage(messages[0]);
    CHECK(coverage.guarded_percent == 100.0);
    const bool refused = coverage.rest.find("instead of guard regions") != std::string::npos;
    CHECK(refused == (coverage.engine != "mprotect"));
  }
}

TEST_CASE("a program that Fencepost does not reach is told so", "[shortage]") {
  const std::string told = "nothing was intercepted";
  for (const char* const engine : kEngines) {
    const auto own = messages_of(run("clean_own_malloc", {engine, Flavour::preload}, "verbosity=1"));
    REQUIRE(own.size() == 1);
    CHECK_THAT(own[0], StartsWith(told));
  }
  for (const Setting& setting : all_settings()) {
    const auto none = messages_of(run("clean_no_allocation", setting, "verbosity=1"));
    REQUIRE(none.size() == 1);
    CHECK_THAT(none[0], StartsWith(told));
  }
}

}  // namespace
}  // namespace fencepost::endtoend
