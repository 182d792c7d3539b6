#include "base/writer.h"

namespace fencepost {

namespace {
constexpr char kDigits[] = "0123456789abcdef";
}

void Writer::put(char c) {
  if (used_ == capacity_) {
    truncated_ = true;
    return;
  }
  buffer_[used_++] = c;
}

Writer& Writer::text(std::string_view text) {
  for (const char c : text) put(c);
  return *this;
}

Writer& Writer::decimal(std::uint64_t value) {
  char digits[20];
  Size n = 0;
  do {
    digits[n++] = kDigits[value % 10];
    value /= 10;
  } while (value != 0);
  while (n > 0) put(digits[--n]);
  return *this;
}

Writer& Writer::decimal_signed(std::int64_t value) {
  if (value >= 0) return decimal(static_cast<std::uint64_t>(value));
  put('-');
  return decimal(-static_cast<std::uint64_t>(value));
}

Writer& Writer::hex(std::uint64_t value) {
  text("0x");
  int shift = 60;
  while (shift > 0 && (value >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) put(kDigits[(value >> shift) & 15]);
  return *this;
}

Writer& Writer::hex_byte(std::uint8_t value) {
  put(kDigits[value >> 4]);
  put(kDigits[value & 15]);
  return *this;
}

Writer& Writer::percent(std::uint64_t part, std::uint64_t whole) {
  const bool not_all = part < whole;
  // The counters of a very long run, times 1000, would pass 64 bits.
  for (; part > UINT64_MAX / 1000; part /= 2) whole /= 2;
  std::uint64_t tenths = whole == 0 ? 1000 : part * 1000 / whole;
  if (tenths == 1000 && not_all) tenths = 999;
  return decimal(tenths / 10).text(".").decimal(tenths % 10);
}

Writer& Writer::printable(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      put(c);
    } else {
      put('\\'), put('x');
      hex_byte(byte);
    }
  }
  return *this;
}

}  // namespace fencepost
