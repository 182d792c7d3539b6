// The helpers of these tests are able to say no.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"
#include "support/report_parser.h"
#include "support/run_program.h"

namespace fencepost::endtoend {
namespace {

support::Outcome shell(const std::string& script, std::chrono::seconds time_limit = std::chrono::seconds(60)) {
  return support::run({.arguments = {"/bin/sh", "-c", script}, .environment = {{"A", "b"}}, .time_limit = time_limit});
}

TEST_CASE("a run tells output, error output and ending", "[support]") {
  const support::Outcome outcome = shell("echo out $A; echo err >&2; cat; exit 5");
  CHECK(outcome.out == "out b\n");
  CHECK(outcome.err == "err\n");
  CHECK(outcome.ending() == "exit 5");
  CHECK(shell("kill -9 $$").ending() == "signal 9");
  CHECK(support::run({.arguments = {"/nonexistent"}}).ending() == "exit 127");
}

TEST_CASE("a run ends in time", "[support]") {
  CHECK(shell("sleep 1000", std::chrono::seconds(1)).ending() == "timed out");
  CHECK(shell("exec >&- 2>&-; sleep 1000", std::chrono::seconds(1)).ending() == "timed out");
  CHECK(shell("sleep 1000 & exit 0", std::chrono::seconds(1)).ending() == "timed out");  // holds the pipes
}

TEST_CASE("without Fencepost there is no report", "[support]") {
  CHECK(support::parse_reports(run_plain("null_dereference").err).empty());
  CHECK(support::parse_reports(run_plain("overrun_write_by_1").err).empty());
}

TEST_CASE("a report that is cut off has no summary, and a garbled one is an error", "[support]") {
  const support::Outcome outcome = run("double_free", {"auto", Flavour::preload});
  REQUIRE(support::parse_reports(outcome.err).size() == 1);
  CHECK(!support::parse_reports(outcome.err)[0].summary.empty());
  const auto cut = support::parse_reports(outcome.err.substr(0, outcome.err.find("SUMMARY")));
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].summary.empty());
  CHECK(support::parse_reports(outcome.err + outcome.err).size() == 2);
  CHECK_THROWS(support::parse_reports("==1==ERROR: Fencepost: something else"));
}

TEST_CASE("frames are matched from the innermost on", "[support]") {
  const Frames trace{"a", "b", "c", "d"};
  CHECK(begins_with(trace, {"a", "b"}));
  CHECK(begins_with(trace, {"a", "*", "c"}));
  CHECK(begins_with(trace, {"a", "...", "d"}));
  CHECK(begins_with(trace, {"...", "a"}));
  CHECK(!begins_with(trace, {"b"}));
  CHECK(!begins_with(trace, {"a", "c"}));
  CHECK(!begins_with(trace, {"a", "*", "b"}));
  CHECK(!begins_with(trace, {"a", "...", "e"}));
  CHECK(!begins_with(trace, {"a", "b", "c", "d", "e"}));
}

}  // namespace
}  // namespace fencepost::endtoend
