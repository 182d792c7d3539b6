#include "render/github.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "render/golden_file.h"

using namespace fencepost;

namespace {

std::string text_of(const std::vector<findings::Finding>& findings) {
  std::ostringstream out;
  render::write_github(out, findings, test::golden_context());
  return out.str();
}

}  // namespace

TEST_CASE("annotations of every kind of finding", "[render]") {
  test::check_golden("findings.github", text_of(test::findings_of("findings")));
}

TEST_CASE("nothing that the program made up becomes a command", "[render]") {
  const std::string text = text_of(test::findings_of("hostile"));
  test::check_golden("hostile.github", text);
  // One line, whose properties hold no separators.
  CHECK(text.find('\n') == text.size() - 1);
  const std::string properties = text.substr(0, text.find("::", 2));
  CHECK(std::count(properties.begin(), properties.end(), ',') == 3);
  CHECK(std::count(properties.begin(), properties.end(), ':') == 2);
}

TEST_CASE("no findings, no annotations", "[render]") { CHECK(text_of({}).empty()); }
