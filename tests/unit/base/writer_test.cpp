#include "base/writer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

using namespace fencepost;

namespace {

template <typename Write>
std::string written(Write write) {
  TextBuffer<128> out;
  write(out);
  CHECK_FALSE(out.truncated());
  return std::string(out.view());
}

std::string decimal(std::uint64_t value) {
  return written([=](Writer& out) { out.decimal(value); });
}
std::string decimal_signed(std::int64_t value) {
  return written([=](Writer& out) { out.decimal_signed(value); });
}
std::string hex(std::uint64_t value) {
  return written([=](Writer& out) { out.hex(value); });
}
std::string percent(std::uint64_t part, std::uint64_t whole) {
  return written([=](Writer& out) { out.percent(part, whole); });
}
std::string printable(std::string_view text) {
  return written([=](Writer& out) { out.printable(text); });
}

}  // namespace

TEST_CASE("decimal writes every digit", "[base]") {
  CHECK(decimal(0) == "0");
  CHECK(decimal(9) == "9");
  CHECK(decimal(10) == "10");
  CHECK(decimal(18446744073709551615u) == "18446744073709551615");
}

TEST_CASE("decimal_signed reaches both limits", "[base]") {
  CHECK(decimal_signed(0) == "0");
  CHECK(decimal_signed(-1) == "-1");
  CHECK(decimal_signed(INT64_MAX) == "9223372036854775807");
  CHECK(decimal_signed(INT64_MIN) == "-9223372036854775808");
}

TEST_CASE("hex has a prefix, lower case and no padding", "[base]") {
  CHECK(hex(0) == "0x0");
  CHECK(hex(0xf) == "0xf");
  CHECK(hex(0x10) == "0x10");
  CHECK(hex(0x7f10c4a01000) == "0x7f10c4a01000");
  CHECK(hex(~std::uint64_t{0}) == "0xffffffffffffffff");
}

TEST_CASE("hex_byte is always two digits", "[base]") {
  const auto hex_byte = [](std::uint8_t value) { return written([=](Writer& out) { out.hex_byte(value); }); };
  CHECK(hex_byte(0) == "00");
  CHECK(hex_byte(0x0a) == "0a");
  CHECK(hex_byte(0xfd) == "fd");
}

TEST_CASE("percent has one decimal, cut off", "[base]") {
  CHECK(percent(0, 3) == "0.0");
  CHECK(percent(1, 3) == "33.3");
  CHECK(percent(2, 3) == "66.6");
  CHECK(percent(3, 3) == "100.0");
  CHECK(percent(0, 0) == "100.0");
  CHECK(percent(999999, 1000000) == "99.9");
}

TEST_CASE("percent of very large counts", "[base]") {
  constexpr std::uint64_t kMost = UINT64_MAX;
  CHECK(percent(kMost, kMost) == "100.0");
  CHECK(percent(kMost / 2, kMost) == "49.9");
  CHECK(percent(1, kMost) == "0.0");
}

TEST_CASE("percent says 100.0 only of all, also of very large counts", "[base]") {
  CHECK(percent(UINT64_MAX - 1, UINT64_MAX) == "99.9");
}

TEST_CASE("printable escapes what a terminal would act on", "[base]") {
  CHECK(printable("plain text ~") == "plain text ~");
  CHECK(printable("a\nb\x1b[0m\x7f") == "a\\x0ab\\x1b[0m\\x7f");
  CHECK(printable("\xc3\xa9") == "\\xc3\\xa9");
  CHECK(printable({"\0", 1}) == "\\x00");
}

TEST_CASE("what does not fit is dropped, and told", "[base]") {
  TextBuffer<4> out;
  out.text("four");
  CHECK_FALSE(out.truncated());
  out.text("");
  CHECK_FALSE(out.truncated());
  out.text("!");
  CHECK(out.truncated());
  CHECK(out.view() == "four");
  out.clear();
  CHECK_FALSE(out.truncated());
  CHECK(out.text("ab").view() == "ab");
}

TEST_CASE("a writer never leaves its buffer", "[base]") {
  for (Size capacity = 0; capacity <= 40; ++capacity) {
    char buffer[64];
    std::fill(std::begin(buffer), std::end(buffer), '#');
    Writer out(buffer, capacity);
    out.text("text").decimal(UINT64_MAX).decimal_signed(INT64_MIN).hex(UINT64_MAX).printable("\n\n\n").percent(1, 3);
    CAPTURE(capacity);
    CHECK(out.truncated());
    CHECK(out.view().size() == capacity);
    CHECK(std::count(buffer + capacity, std::end(buffer), '#') == 64 - static_cast<long>(capacity));
  }
}

TEST_CASE("what was written last can be taken back", "[base]") {
  char room[4];
  Writer out(room, sizeof room);
  out.text("ab");
  CHECK(out.room() == 2);
  const Size before = out.view().size();
  out.text("cde");
  CHECK(out.truncated());
  out.cut(before);
  CHECK(out.view() == "ab");
  CHECK(!out.truncated());
  CHECK(out.room() == 2);
}
