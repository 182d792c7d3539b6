#include "report/json_writer.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

using namespace fencepost;
using nlohmann::json;
using report::JsonWriter;

namespace {

template <typename Write>
std::string written(Write write) {
  TextBuffer<4096> out;
  JsonWriter writer(out);
  write(writer);
  return std::string(out.view());
}

/// What a reader makes of `text` written as a string.
std::string read_back(std::string_view text) {
  const std::string line = written([&](JsonWriter& writer) {
    writer.begin_object();
    writer.text("text", text);
    writer.end_object();
  });
  CAPTURE(line);
  return json::parse(line).at("text").get<std::string>();
}

const std::string kReplacement = "\xef\xbf\xbd";

}  // namespace

TEST_CASE("objects and arrays have commas where they belong", "[report]") {
  const std::string line = written([](JsonWriter& writer) {
    writer.begin_object();
    writer.number("a", 1);
    writer.begin_array("b");
    writer.end_array();
    writer.begin_array("c");
    writer.number(1);
    writer.text("two");
    writer.begin_object();
    writer.end_object();
    writer.begin_object();
    writer.boolean("yes", true);
    writer.boolean("no", false);
    writer.end_object();
    writer.end_array();
    writer.begin_object("d");
    writer.hex("e", 0x7fff0000beef);
    writer.end_object();
    const std::uint8_t bytes[] = {0x48, 0, 0xff};
    writer.bytes("f", bytes, 3);
    writer.end_object();
  });
  CHECK(line == R"({"a":1,"b":[],"c":[1,"two",{},{"yes":true,"no":false}],"d":{"e":"0x7fff0000beef"},"f":"4800ff"})");
}

TEST_CASE("numbers keep all their digits", "[report]") {
  const std::string line = written([](JsonWriter& writer) {
    writer.begin_object();
    writer.number("largest", ~std::uint64_t{0});
    writer.end_object();
  });
  CHECK(json::parse(line).at("largest").get<std::uint64_t>() == ~std::uint64_t{0});
}

TEST_CASE("every byte of ASCII comes back, and none of the dangerous ones is written as it is", "[report]") {
  std::string ascii;
  for (char c = 0; c >= 0; ++c) {
    ascii.push_back(c);
    if (c == 0x7f) break;
  }
  CHECK(read_back(ascii) == ascii);
  const std::string line = written([&](JsonWriter& writer) { writer.text(ascii); });
  for (const char c : line) CHECK((c >= 0x20 && c < 0x7f));
}

TEST_CASE("UTF-8 passes, from the shortest to the longest of each length", "[report]") {
  for (const char* const good : {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
                                 "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "n\xc3\xa4me \xe2\x82\xac \xf0\x9f\x90\x9b"}) {
    CHECK(read_back(good) == good);
  }
}

TEST_CASE("bytes that are not UTF-8 are replaced one by one", "[report]") {
  CHECK(read_back("a\x80z") == "a" + kReplacement + "z");
  CHECK(read_back("\xff") == kReplacement);
  CHECK(read_back("\xc0\xaf") == kReplacement + kReplacement);  // longer than it need be
  CHECK(read_back("\xe0\x9f\xbf") == kReplacement + kReplacement + kReplacement);
  CHECK(read_back("\xed\xa0\x80") == kReplacement + kReplacement + kReplacement);  // a surrogate
  CHECK(read_back("\xf4\x90\x80\x80") == kReplacement + kReplacement + kReplacement + kReplacement);
  CHECK(read_back("\xe2\x82") == kReplacement + kReplacement);  // cut off
  CHECK(read_back("\xe2\x82"
                  "a") == kReplacement + kReplacement + "a");
  CHECK(read_back("\xc3") == kReplacement);
}

TEST_CASE("any two and three bytes make valid JSON", "[report]") {
  Size bad = 0;
  for (unsigned value = 0; value < 0x1000000; value += value < 0x20000 ? 1 : 97) {
    const char bytes[] = {static_cast<char>(value), static_cast<char>(value >> 8), static_cast<char>(value >> 16)};
    const std::string line = written([&](JsonWriter& writer) { writer.text(std::string_view(bytes, 3)); });
    if (!json::accept(line)) ++bad;
  }
  CHECK(bad == 0);
}

TEST_CASE("what does not fit is taken back, comma and all", "[report]") {
  char room[16];
  Writer out(room, sizeof room);
  JsonWriter writer(out);
  writer.begin_object();
  writer.number("a", 1);
  const JsonWriter::Mark mark = writer.mark();
  writer.text("long", "far too long for it");
  CHECK(out.truncated());
  writer.back_to(mark);
  CHECK(!out.truncated());
  writer.number("b", 2);
  writer.end_object();
  CHECK(out.view() == R"({"a":1,"b":2})");
}
