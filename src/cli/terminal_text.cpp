#include "cli/terminal_text.h"

namespace fencepost::cli {

namespace {

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

/// U+0080 to U+009F, which are C2 80 to C2 9F.
bool begins_c1(std::string_view text) {
  if (text.size() < 2 || text[0] != '\xc2') return false;
  const auto second = static_cast<unsigned char>(text[1]);
  return second >= 0x80 && second <= 0x9f;
}

void escape(unsigned char c, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (begins_c1(text.substr(i))) {
      escape(c, out);
      escape(static_cast<unsigned char>(text[++i]), out);
    } else if (is_control(c)) {
      escape(c, out);
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace fencepost::cli
