#include "render/junit.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "render/golden_file.h"

using namespace fencepost;

namespace {

std::string text_of(const std::vector<findings::Finding>& findings) {
  std::ostringstream out;
  render::write_junit(out, findings, test::golden_context());
  return out.str();
}

}  // namespace

TEST_CASE("a JUnit report of every kind of finding", "[render]") {
  test::check_golden("findings.junit.xml", text_of(test::findings_of("findings")));
  test::check_golden("hostile.junit.xml", text_of(test::findings_of("hostile")));
}

TEST_CASE("without findings one test passed", "[render]") { test::check_golden("none.junit.xml", text_of({})); }
