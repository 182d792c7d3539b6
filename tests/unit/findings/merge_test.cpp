#include "findings/merge.h"

#include <catch2/catch.hpp>

#include "findings/invented.h"

using namespace fencepost;
using findings::Baseline;
using findings::Finding;
using findings::merge;
using findings::Merger;
using test::finding_of;
using test::frame_of;

namespace {

Finding in_function(const std::string& function, std::int64_t pid = 1) {
  return finding_of("use-after-free", {frame_of(function, 1)}, pid);
}

/// With a function that was inlined.
Finding with_inlined(const std::string& inlined) {
  Finding finding = in_function("main");
  finding.traces[0].frames[0].source = {{inlined, "a.h", 1, 1, true}, {"main", "a.cpp", 2, 1, false}};
  return finding;
}

}  // namespace

TEST_CASE("findings at one place are one, with a count and the processes", "[findings]") {
  const auto merged = merge({in_function("a", 1), in_function("b", 1), in_function("a", 2), in_function("a", 2)});
  REQUIRE(merged.size() == 2);
  CHECK(merged[0].traces[0].frames[0].function == "a");
  CHECK(merged[0].count == 3);
  REQUIRE(merged[0].processes.size() == 2);
  CHECK(merged[0].processes[0].pid == 1);
  CHECK(merged[0].processes[1].pid == 2);
  CHECK(merged[1].count == 1);
  CHECK(merged[1].processes.size() == 1);
}

TEST_CASE("what was merged can be merged again", "[findings]") {
  const auto once = merge({in_function("a", 1), in_function("a", 2)});
  CHECK(merge(once) == once);
  auto both = once;
  both.push_back(in_function("a", 3));
  both.push_back(once[0]);
  const auto twice = merge(both);
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].count == 5);
  CHECK(twice[0].processes.size() == 3);
}

TEST_CASE("a merger tells what is new", "[findings]") {
  Merger merger;
  CHECK(merger.add(in_function("a")));
  CHECK_FALSE(merger.add(in_function("a", 2)));
  CHECK(merger.add(in_function("b")));
  CHECK(merger.findings().size() == 2);
}

TEST_CASE("an error is no warning because it was one elsewhere", "[findings]") {
  Finding warning = in_function("a");
  warning.severity = "warning";
  CHECK(merge({warning, in_function("a")})[0].severity == "error");
  CHECK(merge({in_function("a"), warning})[0].severity == "error");
  CHECK(merge({warning, warning})[0].severity == "warning");
}

TEST_CASE("a baseline knows what was there before", "[findings]") {
  CHECK_FALSE(Baseline().knows(in_function("a")));
  const Baseline baseline({in_function("a"), in_function("b")});
  Finding moved = in_function("a", 7);
  moved.traces[0].frames[0].offset = 99;
  CHECK(baseline.knows(moved));
  CHECK_FALSE(baseline.knows(in_function("c")));
  CHECK_FALSE(baseline.knows(finding_of("double-free", {frame_of("a", 1)})));
}

TEST_CASE("inlined functions are compared if both sides know them", "[findings]") {
  const Baseline with({with_inlined("store()")});
  CHECK(with.knows(with_inlined("store()")));
  CHECK_FALSE(with.knows(with_inlined("load()")));
  CHECK(with.knows(in_function("main")));
  const Baseline without({in_function("main")});
  CHECK(without.knows(with_inlined("store()")));
}
