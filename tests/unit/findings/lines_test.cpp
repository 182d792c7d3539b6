#include "findings/lines.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

using namespace fencepost;
using findings::Finding;
using findings::Lines;
using findings::read_lines;

namespace {

const std::string kLeast = R"({"fencepost":1,"kind":"wild-access","severity":"error","process":{"pid":1}})";

}  // namespace

TEST_CASE("lines that are no findings are left out and told", "[findings]") {
  std::istringstream in(kLeast + "\n\n  \r\nnoise\n" + kLeast + "\r\n{\"fencepost\":9}\n" + kLeast.substr(0, 40));
  const Lines lines = read_lines(in);
  CHECK(lines.findings.size() == 2);
  REQUIRE(lines.bad.size() == 3);
  CHECK(lines.bad[0].number == 4);
  CHECK(lines.bad[0].reason == "no JSON from byte 2 on (was the line cut off?)");
  CHECK(lines.bad[1].number == 6);
  CHECK(lines.bad[1].reason == "version 9 of the format is not known, only 1");
  CHECK(lines.bad[2].number == 7);
  CHECK(lines.bad[2].reason == "no JSON from byte 41 on (was the line cut off?)");
}

TEST_CASE("a number that no type can hold makes a bad line", "[findings]") {
  std::istringstream in("1e400\n" + kLeast + "\n");
  const Lines lines = read_lines(in);
  CHECK(lines.findings.size() == 1);
  REQUIRE(lines.bad.size() == 1);
  CHECK(lines.bad.front().number == 1);
}

TEST_CASE("nothing in a file is no line", "[findings]") {
  std::istringstream in("\n\n");
  const Lines lines = read_lines(in);
  CHECK((lines.findings.empty() && lines.bad.empty()));
}

TEST_CASE("many lines come in their order, whoever read them", "[findings]") {
  constexpr std::size_t kMany = 10000;
  std::string text;
  for (std::size_t number = 1; number <= kMany; ++number) {
    const bool is_bad = number % 777 == 0;
    text += is_bad ? "noise\n" : kLeast.substr(0, kLeast.size() - 1) + ",\"time\":" + std::to_string(number) + "}\n";
  }
  std::istringstream in(text);
  const Lines lines = read_lines(in);
  CHECK(lines.bad.size() == kMany / 777);
  CHECK(lines.findings.size() == kMany - lines.bad.size());
  for (std::size_t i = 0; i < lines.bad.size(); ++i) CHECK(lines.bad[i].number == 777 * (i + 1));
  const auto earlier = [](const Finding& one, const Finding& other) { return one.time < other.time; };
  CHECK(std::is_sorted(lines.findings.begin(), lines.findings.end(), earlier));
}
