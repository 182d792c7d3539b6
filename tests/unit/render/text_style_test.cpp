#include "render/text_style.h"

#include <catch2/catch.hpp>
#include <map>

using namespace fencepost::render;

namespace {

TextStyle style(bool is_terminal, const std::map<std::string, std::string>& variables) {
  return choose_style(is_terminal, [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  });
}

}  // namespace

TEST_CASE("terminals that have colours get them", "[render]") {
  CHECK(style(true, {{"TERM", "xterm"}}).color);
  CHECK_FALSE(style(false, {{"TERM", "xterm"}}).color);
  CHECK_FALSE(style(true, {{"TERM", "dumb"}}).color);
  CHECK_FALSE(style(true, {}).color);
}

TEST_CASE("the owner of the terminal decides", "[render]") {
  CHECK_FALSE(style(true, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}).color);
  CHECK(style(true, {{"TERM", "xterm"}, {"NO_COLOR", ""}}).color);
  CHECK(style(false, {{"FORCE_COLOR", "1"}}).color);
  CHECK(style(false, {{"CLICOLOR_FORCE", "1"}}).color);
  CHECK_FALSE(style(false, {{"FORCE_COLOR", "0"}}).color);
  CHECK_FALSE(style(true, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}).color);
}

TEST_CASE("the locale says whether there are characters beyond ASCII", "[render]") {
  CHECK(style(true, {{"LANG", "de_DE.UTF-8"}}).unicode);
  CHECK(style(false, {{"LC_CTYPE", "C.utf8"}}).unicode);
  CHECK_FALSE(style(true, {{"LANG", "C"}}).unicode);
  CHECK_FALSE(style(true, {}).unicode);
  CHECK_FALSE(style(true, {{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}}).unicode);
}

TEST_CASE("paint covers text, and nothing without colours", "[render]") {
  TextStyle style;
  CHECK(style.paint(Paint::error, "text") == "text");
  style.color = true;
  CHECK(style.paint(Paint::error, "text") == "\x1b[1;31mtext\x1b[0m");
  CHECK(style.paint(Paint::error, "").empty());
}
