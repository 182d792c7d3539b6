#include "report/json_writer.h"

#include "base/text.h"

namespace fencepost::report {

namespace {

/// Unicode's U+FFFD, for bytes that are not UTF-8.
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool is_continuation(std::string_view text, Size at) {
  return at < text.size() && (static_cast<std::uint8_t>(text.data()[at]) & 0xc0) == 0x80;
}

/// The bytes of the character that `text` begins with, or 0 if that is none: table 3-7 of the Unicode standard, which
/// leaves out surrogates, what is beyond U+10FFFF, and everything longer than it need be.
Size character_size(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return 1;
  const Size size = lead >= 0xc2 && lead <= 0xdf   ? 2
                    : lead >= 0xe0 && lead <= 0xef ? 3
                    : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                   : 0;
  for (Size i = 1; i < size; ++i) {
    if (!is_continuation(text, i)) return 0;
  }
  if (size < 3) return size;
  const auto second = static_cast<std::uint8_t>(text.data()[1]);
  const bool good = (lead != 0xe0 || second >= 0xa0) && (lead != 0xed || second < 0xa0) &&
                    (lead != 0xf0 || second >= 0x90) && (lead != 0xf4 || second < 0x90);
  return good ? size : 0;
}

void write_character(Writer& out, std::string_view character) {
  const char c = character.front();
  if (c == '"' || c == '\\') {
    out.text("\\").text(character);
  } else if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f) {
    out.text("\\u00").hex_byte(static_cast<std::uint8_t>(c));
  } else {
    out.text(character);
  }
}

}  // namespace

void JsonWriter::separate() {
  if (comma_) out_.text(",");
  comma_ = true;
}

void JsonWriter::key(std::string_view key) {
  separate();
  out_.text("\"").text(key).text("\":");
}

void JsonWriter::quoted(std::string_view text) {
  out_.text("\"");
  while (!text.empty()) {
    const Size size = character_size(text);
    if (size == 0) {
      out_.text(kReplacement);
    } else {
      write_character(out_, first(text, size));
    }
    text = without_first(text, size == 0 ? 1 : size);
  }
  out_.text("\"");
}

void JsonWriter::begin_object() {
  separate();
  out_.text("{");
  comma_ = false;
}

void JsonWriter::begin_object(std::string_view name) {
  key(name);
  out_.text("{");
  comma_ = false;
}

void JsonWriter::end_object() {
  out_.text("}");
  comma_ = true;
}

void JsonWriter::begin_array(std::string_view name) {
  key(name);
  out_.text("[");
  comma_ = false;
}

void JsonWriter::end_array() {
  out_.text("]");
  comma_ = true;
}

void JsonWriter::text(std::string_view name, std::string_view value) {
  key(name);
  quoted(value);
}

void JsonWriter::number(std::string_view name, std::uint64_t value) {
  key(name);
  out_.decimal(value);
}

void JsonWriter::hex(std::string_view name, std::uint64_t value) {
  key(name);
  out_.text("\"").hex(value).text("\"");
}

void JsonWriter::boolean(std::string_view name, bool value) {
  key(name);
  out_.text(value ? "true" : "false");
}

void JsonWriter::bytes(std::string_view name, const std::uint8_t* bytes, Size count) {
  key(name);
  out_.text("\"");
  for (Size i = 0; i < count; ++i) out_.hex_byte(bytes[i]);
  out_.text("\"");
}

void JsonWriter::text(std::string_view value) {
  separate();
  quoted(value);
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  out_.decimal(value);
}

void JsonWriter::back_to(const Mark& mark) {
  out_.cut(mark.size);
  comma_ = mark.comma;
}

}  // namespace fencepost::report
