#include "render/json.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "findings/lines.h"
#include "render/golden_file.h"

using namespace fencepost;

TEST_CASE("JSON lines of every kind of finding, and of what a program made up", "[render]") {
  for (const char* name : {"findings", "hostile"}) {
    std::ostringstream out;
    render::write_json(out, test::findings_of(name));
    test::check_golden(std::string(name) + ".json", out.str());
  }
}

TEST_CASE("JSON lines are read again as what they were", "[render]") {
  std::ostringstream out;
  const auto findings = test::findings_of("findings");
  render::write_json(out, findings);
  std::istringstream in(out.str());
  findings::Lines lines = findings::read_lines(in);
  REQUIRE(lines.findings.size() == findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    CHECK(lines.findings[i].fingerprint.size() == 32);
    lines.findings[i].fingerprint.clear();
    CHECK(lines.findings[i] == findings[i]);
  }
}
