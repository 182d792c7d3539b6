// The writer into any room, against text without bounds; and the cutting of text.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdio>
#include <memory>
#include <string>

#include "base/text.h"
#include "base/writer.h"
#include "property.h"

using namespace fencepost;
using fuzz::must_hold;

namespace {

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, format, values...);
  return {text, static_cast<Size>(length)};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = c >= ' ' && c <= '~';
    out += plain ? std::string(1, c) : formatted("\\x%02x", static_cast<unsigned char>(c));
  }
  return out;
}

/// A share of large numbers may be a tenth off, but what is less than all is never told as all.
void check_percent(std::uint64_t part, std::uint64_t whole) {
  TextBuffer<32> out;
  out.percent(part, whole);
  unsigned full = 0, tenths = 0;
  must_hold(std::sscanf(std::string(out.view()).c_str(), "%u.%1u", &full, &tenths) == 2, "a share has a decimal");
  must_hold((full == 100 && tenths == 0) == (part == whole), "100.0 means all");
  using Wide = unsigned __int128;
  const auto exact = whole == 0 ? std::int64_t{1000} : static_cast<std::int64_t>(Wide{part} * 1000 / whole);
  const std::int64_t told = std::int64_t{full} * 10 + tenths;
  must_hold(told - exact <= 1 && exact - told <= 1, "a share is right to a tenth");
}

void add_something(FuzzedDataProvider& input, Writer& out, std::string& expected) {
  const auto number = input.ConsumeIntegral<std::uint64_t>() >> input.ConsumeIntegralInRange(0, 63);
  const auto signed_number = static_cast<std::int64_t>(input.ConsumeBool() ? 0 - number : number);
  switch (input.ConsumeIntegralInRange(0, 5)) {
    case 0: {
      const std::string text = input.ConsumeRandomLengthString(40);
      out.text(text);
      expected += text;
      break;
    }
    case 1:
      out.decimal(number);
      expected += std::to_string(number);
      break;
    case 2:
      out.decimal_signed(signed_number);
      expected += std::to_string(signed_number);
      break;
    case 3:
      out.hex(number);
      expected += formatted("0x%llx", static_cast<unsigned long long>(number));
      break;
    case 4:
      out.hex_byte(static_cast<std::uint8_t>(number));
      expected += formatted("%02x", static_cast<unsigned>(number & 0xff));
      break;
    default: {
      const std::string text = input.ConsumeRandomLengthString(40);
      out.printable(text);
      expected += escaped(text);
    }
  }
}

void check_cutting(const std::string& text, char separator, Size count) {
  must_hold(first(text, count) == text.substr(0, count), "the first characters");
  must_hold(std::string(first(text, count)) + std::string(without_first(text, count)) == text,
            "the first and the rest");
  const Split parts = split(text, separator);
  must_hold(parts.found == (text.find(separator) != std::string::npos), "a separator is found");
  must_hold(parts.head.find(separator) == std::string_view::npos, "the first separator is found");
  const std::string whole =
      std::string(parts.head) + (parts.found ? std::string(1, separator) : "") + std::string(parts.tail);
  must_hold(whole == text, "parts make the whole");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto whole = input.ConsumeIntegral<std::uint64_t>();
  check_percent(input.ConsumeIntegralInRange<std::uint64_t>(0, whole), whole);
  const auto separator = input.ConsumeIntegral<char>();
  check_cutting(input.ConsumeRandomLengthString(60), separator, input.ConsumeIntegralInRange<Size>(0, 70));

  const auto capacity = input.ConsumeIntegralInRange<Size>(0, 200);
  const auto room = std::make_unique<char[]>(capacity);
  Writer out(room.get(), capacity);
  std::string expected;
  while (input.remaining_bytes() > 0) {
    add_something(input, out, expected);
    must_hold(out.view() == first(expected, capacity), "the text, as far as there is room");
    must_hold(out.truncated() == (expected.size() > capacity), "what is missing is told");
  }
  out.clear();
  must_hold(out.view().empty() && !out.truncated(), "a cleared writer is empty");
  return 0;
}
