#include "render/sarif.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "render/golden_file.h"

using namespace fencepost;

namespace {

std::string text_of(const std::vector<findings::Finding>& findings) {
  std::ostringstream out;
  render::write_sarif(out, findings, test::golden_context());
  return out.str();
}

/// With the results, of which each is a line, spread out.
std::string spread(const std::string& text) { return nlohmann::ordered_json::parse(text).dump(2) + '\n'; }

}  // namespace

TEST_CASE("SARIF of every kind of finding", "[render]") {
  test::check_golden("findings.sarif", spread(text_of(test::findings_of("findings"))));
  test::check_golden("hostile.sarif", spread(text_of(test::findings_of("hostile"))));
}

TEST_CASE("without findings there are only rules", "[render]") { test::check_golden("none.sarif", text_of({})); }

TEST_CASE("every result is a line of SARIF", "[render]") {
  const std::vector<findings::Finding> findings = test::findings_of("findings");
  std::istringstream lines(text_of(findings));
  std::size_t results = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("{\"ruleId\":")) ++results;
  }
  CHECK(results == findings.size());
}
