#include "options/options.h"

#include <algorithm>

#include "base/text.h"

namespace fencepost::options {

namespace {

/// The index of `word` in "a|b|c", or -1.
int index_of(std::string_view words, std::string_view word) {
  for (int index = 0;; ++index) {
    const Split parts = split(words, '|');
    if (parts.head == word) return index;
    if (!parts.found) return -1;
    words = parts.tail;
  }
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// Decimal or 0x…; false for anything else and for more than 64 bits.
bool read_number(std::string_view text, std::uint64_t& value) {
  unsigned base = 10;
  if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  }
  if (text.empty()) return false;
  value = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(digit_value(c));
    if (digit >= base) return false;
    if (__builtin_mul_overflow(value, std::uint64_t{base}, &value)) return false;
    if (__builtin_add_overflow(value, std::uint64_t{digit}, &value)) return false;
  }
  return true;
}

template <typename Choice>
bool read_choice(std::string_view words, std::string_view text, Choice& choice) {
  const int index = index_of(words, text);
  if (index < 0) return false;
  choice = static_cast<Choice>(index);
  return true;
}

bool read_bounded(std::string_view text, std::uint64_t lowest, std::uint64_t highest, std::uint64_t& number) {
  std::uint64_t value = 0;
  if (!read_number(text, value) || value < lowest || value > highest) return false;
  number = value;
  return true;
}

bool read_byte(std::string_view text, OptionalByte& byte) {
  if (text == "none") {
    byte = -1;
    return true;
  }
  std::uint64_t value = 0;
  if (!read_bounded(text, 0, 255, value)) return false;
  byte = static_cast<OptionalByte>(value);
  return true;
}

bool read_text(std::string_view text, Text& out) {
  if (text.size() > Text::kCapacity) return false;
  std::copy(text.begin(), text.end(), out.bytes);
  out.size = text.size();
  return true;
}

void complain_about_key(std::string_view key, Writer& complaints) {
  complaints.text("unknown option '").printable(key).text("'; the options are");
  const char* separator = " ";
  for_each_option([&](const Description& option) {
    complaints.text(separator).text(option.name);
    separator = ", ";
  });
  complaints.text("\n");
}

void complain_about_value(std::string_view key, std::string_view value, std::string_view accepted, Writer& complaints) {
  complaints.text("bad value '").printable(value).text("' for option ").text(key);
  complaints.text("; accepted is ").text(accepted).text("; the default stays\n");
}

/// One `key=value`.
bool parse_one(std::string_view setting, Options& options, Writer& complaints) {
  const auto [key, value, has_value] = split(setting, '=');
  bool known = false;
  bool good = false;
  std::string_view accepted;
#define FENCEPOST_OPTION(option, accepts, reads) \
  if (key == #option) known = true, accepted = accepts, good = has_value && (reads);
#define FENCEPOST_CHOICE(Type, name, preset, words, help) \
  FENCEPOST_OPTION(name, words, read_choice(words, value, options.name))
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) \
  FENCEPOST_OPTION(name, "a number from " #lowest " to " #highest, read_bounded(value, lowest, highest, options.name))
#define FENCEPOST_BYTE(name, preset, help) \
  FENCEPOST_OPTION(name, "a byte (0 to 255 or 0x..) or none", read_byte(value, options.name))
#define FENCEPOST_TEXT(name, help) \
  FENCEPOST_OPTION(name, "text of at most 512 bytes without ':'", read_text(value, options.name))
#include "options/options.inc"
#undef FENCEPOST_OPTION
  if (!known) complain_about_key(key, complaints);
  if (known && !good) complain_about_value(key, value, accepted, complaints);
  return good;
}

}  // namespace

bool parse(std::string_view text, Options& options, Writer& complaints) {
  bool good = true;
  while (!text.empty()) {
    const Split parts = split(text, ':');
    if (!parts.head.empty()) good = parse_one(parts.head, options, complaints) && good;
    text = parts.tail;
  }
  return good;
}

void describe(Writer& out) {
  out.text("FENCEPOST_OPTIONS=key=value:key=value, where the keys are\n");
  for_each_option([&](const Description& option) {
    out.text("  ").text(option.name).text("=").text(option.accepted);
    if (!option.preset.empty()) out.text(" (default ").text(option.preset).text(")");
    out.text("\n      ").text(option.help).text("\n");
  });
}

}  // namespace fencepost::options
