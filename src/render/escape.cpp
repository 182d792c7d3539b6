#include "render/escape.h"

#include "findings/utf8.h"

namespace fencepost::render {

namespace {

std::string digits(char32_t code, int count) {
  std::string text;
  for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) text += "0123456789abcdef"[code >> shift & 15];
  return text;
}

/// Text of another direction can make a line say something else than it holds.
bool changes_direction(char32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool has_effects(char32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code == 0x2028 || code == 0x2029 || code == 0xfeff) return true;
  return changes_direction(code) || (code & 0xfffe) == 0xfffe;
}

std::string escaped(char32_t code) {
  if (code < 0x80) return "\\x" + digits(code, 2);
  return code < 0x10000 ? "\\u" + digits(code, 4) : "\\U" + digits(code, 8);
}

/// Replaces each character of `from` by % and its number.
std::string percent_encoded(std::string_view text, std::string_view from) {
  std::string encoded;
  for (const char c : text) {
    if (from.find(c) == std::string_view::npos) {
      encoded += c;
    } else {
      constexpr char kDigits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const findings::Character character = findings::first_character(text);
    if (!character.valid) {
      shown += "\\x" + digits(static_cast<unsigned char>(text[0]), 2);
    } else if (has_effects(character.code)) {
      shown += escaped(character.code);
    } else {
      shown += text.substr(0, character.length);
    }
    text.remove_prefix(character.length);
  }
  return shown;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (; !text.empty(); ++columns) text.remove_prefix(findings::first_character(text).length);
  return columns;
}

std::string github_data(std::string_view text) { return percent_encoded(text, "%\r\n"); }

std::string github_property(std::string_view text) { return percent_encoded(text, "%\r\n:,"); }

std::string uri_path(std::string_view path) {
  std::string encoded;
  for (const char c : path) encoded += is_unreserved(c) ? std::string(1, c) : percent_encoded({&c, 1}, {&c, 1});
  return encoded;
}

}  // namespace fencepost::render
