#include "render/text.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "findings/invented.h"
#include "render/golden_file.h"

using namespace fencepost;
using render::TextStyle;
using render::write_text;

namespace {

std::string text_of(const std::vector<findings::Finding>& findings, const TextStyle& style) {
  std::ostringstream out;
  write_text(out, findings, style);
  return out.str();
}

}  // namespace

TEST_CASE("text of every kind of finding", "[render]") {
  test::check_golden("findings.txt", text_of(test::findings_of("findings", test::source_directory()),
                                             {false, false, test::source_directory()}));
}

TEST_CASE("the same with colours and lines", "[render]") {
  test::check_golden("findings.color.txt", text_of(test::findings_of("findings", test::source_directory()),
                                                   {true, true, test::source_directory()}));
}

TEST_CASE("text that the program made up has no effect", "[render]") {
  const std::string text = text_of(test::findings_of("hostile"), {false, false, ""});
  test::check_golden("hostile.txt", text);
  for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
}
