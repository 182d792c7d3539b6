#include "findings/utf8.h"

namespace fencepost::findings {

namespace {

constexpr Character kInvalid{0xfffd, 1, false};

/// How many bytes a character has that begins with `lead`; 0: none begins so.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

char32_t bits_of_lead(unsigned char lead, std::size_t length) { return length == 1 ? lead : lead & (0x7fu >> length); }

bool is_character(char32_t code, std::size_t length) {
  if (length == 3) return code >= 0x800 && !(code >= 0xd800 && code < 0xe000);
  return length != 4 || (code >= 0x10000 && code <= 0x10ffff);
}

}  // namespace

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = length_of(lead);
  if (length == 0 || length > text.size()) return kInvalid;
  char32_t code = bits_of_lead(lead, length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return kInvalid;
    code = code << 6 | (byte & 0x3fu);
  }
  return is_character(code, length) ? Character{code, length, true} : kInvalid;
}

std::string to_valid_utf8(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits |= static_cast<unsigned char>(c);
  if (bits < 0x80) return std::string(text);
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.valid) {
      valid += text.substr(0, character.length);
    } else {
      valid += "\xef\xbf\xbd";
    }
    text.remove_prefix(character.length);
  }
  return valid;
}

}  // namespace fencepost::findings
