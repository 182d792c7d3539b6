#include "render/text_style.h"

#include <algorithm>
#include <cctype>

namespace fencepost::render {

namespace {

/// Select Graphic Rendition (ECMA-48, 8.3.117).
std::string_view code_of(Paint paint) {
  switch (paint) {
    case Paint::error: return "1;31";
    case Paint::warning: return "1;33";
    case Paint::heading: return "1";
    case Paint::function: return "36";
    case Paint::place: return "32";
    case Paint::mark: return "1;31";
    case Paint::faint: return "2";
  }
  return "0";
}

bool is_on(const std::string& value) { return !value.empty() && value != "0"; }

bool wants_color(bool is_terminal, const Environment& environment) {
  if (!environment("NO_COLOR").empty()) return false;
  if (is_on(environment("FORCE_COLOR")) || is_on(environment("CLICOLOR_FORCE"))) return true;
  const std::string terminal = environment("TERM");
  return is_terminal && !terminal.empty() && terminal != "dumb";
}

/// The first variable that is set decides (POSIX, 8.2).
bool is_utf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::tolower(c); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

std::string TextStyle::paint(Paint paint, std::string_view text) const {
  if (!color || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code_of(paint)) + 'm' + std::string(text) + "\x1b[0m";
}

TextStyle choose_style(bool is_terminal, const Environment& environment) {
  return {wants_color(is_terminal, environment), is_utf8(environment), ""};
}

}  // namespace fencepost::render
