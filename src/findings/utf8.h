// UTF-8 as the Unicode standard defines it (section 3.9, table 3-7): overlong forms, surrogates and what lies
// above U+10FFFF are no characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fencepost::findings {

struct Character {
  char32_t code = 0;       ///< 0xfffd for a byte that begins no character
  std::size_t length = 0;  ///< in bytes
  bool valid = false;
};

/// The character at the start of `text`, which is not empty.
[[nodiscard]] Character first_character(std::string_view text);

/// The same text with each byte that belongs to no character replaced by U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

}  // namespace fencepost::findings
