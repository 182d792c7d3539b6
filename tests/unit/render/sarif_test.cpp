#include "render/sarif.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "render/golden_file.h"

using namespace fencepost;

namespace {

std::string text_of(const std::vector<findings::Finding>& findings) {
  std::ostringstream out;
  render::write_sarif(out, findings, test::golden_context());
  return out.str();
}

}  // namespace

TEST_CASE("SARIF of every kind of finding", "[render]") {
  test::check_golden("findings.sarif", text_of(test::findings_of("findings")));
  test::check_golden("hostile.sarif", text_of(test::findings_of("hostile")));
}

TEST_CASE("without findings there are only rules", "[render]") { test::check_golden("none.sarif", text_of({})); }
