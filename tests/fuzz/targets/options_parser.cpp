// The parser of FENCEPOST_OPTIONS against another reading of the same list.
#include <algorithm>
#include <charconv>
#include <memory>
#include <string>

#include "options/options.h"
#include "property.h"

using namespace fencepost;
using fuzz::must_hold;
using options::Options;

namespace {

bool is_number(std::string_view text, std::uint64_t& value) {
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

template <typename Choice>
bool expect_choice(std::string_view words, std::string_view word, Choice& choice) {
  const std::string all = "|" + std::string(words) + "|";
  const auto at = all.find("|" + std::string(word) + "|");
  if (word.find('|') != std::string_view::npos || at == std::string::npos) return false;
  choice = static_cast<Choice>(std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '|'));
  return true;
}

struct Bounds {
  std::uint64_t lowest, highest;
};

bool expect_number(std::string_view text, Bounds bounds, std::uint64_t& number) {
  std::uint64_t value = 0;
  if (!is_number(text, value) || std::clamp(value, bounds.lowest, bounds.highest) != value) return false;
  number = value;
  return true;
}

bool expect_text(std::string_view value, options::Text& text) {
  if (value.size() > options::Text::kCapacity) return false;
  std::copy(value.begin(), value.end(), text.bytes);
  text.size = value.size();
  return true;
}

bool expect_byte(std::string_view text, options::OptionalByte& byte) {
  std::uint64_t value = 0;
  if (text != "none" && (!is_number(text, value) || value > 255)) return false;
  byte = text == "none" ? options::OptionalByte{-1} : static_cast<options::OptionalByte>(value);
  return true;
}

/// False if there is something wrong with `setting`, and then `expected` stays.
bool expect(std::string_view setting, Options& expected) {
  const auto equals = setting.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view key = setting.substr(0, equals), value = setting.substr(equals + 1);
#define FENCEPOST_CHOICE(Type, name, preset, words, help) \
  if (key == #name) return expect_choice(words, value, expected.name);
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) \
  if (key == #name) return expect_number(value, {lowest, highest}, expected.name);
#define FENCEPOST_BYTE(name, preset, help) \
  if (key == #name) return expect_byte(value, expected.name);
#define FENCEPOST_TEXT(name, help) \
  if (key == #name) return expect_text(value, expected.name);
#include "options/options.inc"
  return false;
}

bool are_equal(const Options& a, const Options& b) {
  bool equal = true;
#define FENCEPOST_CHOICE(Type, name, preset, words, help) equal = equal && a.name == b.name;
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) equal = equal && a.name == b.name;
#define FENCEPOST_BYTE(name, preset, help) equal = equal && a.name == b.name;
#define FENCEPOST_TEXT(name, help) equal = equal && a.name.view() == b.name.view();
#include "options/options.inc"
  return equal;
}

/// The options as a user would write them.
std::string written(const Options& options) {
  std::string text;
#define FENCEPOST_CHOICE(Type, name, preset, words, help) \
  text += #name "=" + std::string(options::word_at(words, static_cast<int>(options.name))) + ":";
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) text += #name "=" + std::to_string(options.name) + ":";
#define FENCEPOST_BYTE(name, preset, help) \
  text += #name "=" + (options.name < 0 ? std::string("none") : std::to_string(options.name)) + ":";
#define FENCEPOST_TEXT(name, help) text += #name "=" + std::string(options.name.view()) + ":";
#include "options/options.inc"
  return text;
}

/// Every complaint is a line, and nothing of the user's gets into it as it is.
void check_complaints(std::string_view complaints, std::ptrdiff_t expected) {
  must_hold(std::count(complaints.begin(), complaints.end(), '\n') == expected, "a line for each wrong setting");
  must_hold(complaints.empty() || complaints.back() == '\n', "complaints end with a line");
  const auto strange = [](char c) { return c != '\n' && (c < 0x20 || c > 0x7e); };
  must_hold(std::none_of(complaints.begin(), complaints.end(), strange), "complaints are printable");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Options expected;
  std::ptrdiff_t wrong = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0 && !expect(rest.substr(0, end), expected)) ++wrong;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }

  constexpr Size kRoom = Size{64} << 10;
  const auto room = std::make_unique<char[]>(kRoom);
  Writer complaints(room.get(), kRoom);
  Options options;
  must_hold(options::parse(text, options, complaints) == (wrong == 0), "complaints are told");
  must_hold(are_equal(options, expected), "the options are those that were written");
  if (!complaints.truncated()) check_complaints(complaints.view(), wrong);

  const Size little = size % 100;
  const auto little_room = std::make_unique<char[]>(little);
  Writer cut(little_room.get(), little);
  Options again;
  static_cast<void>(options::parse(text, again, cut));
  must_hold(are_equal(again, expected), "no room for complaints changes nothing");
  must_hold(cut.view() == complaints.view().substr(0, little), "what does not fit is left out");

  Options copy;
  must_hold(options::parse(written(options), copy, cut), "written options are good");
  must_hold(are_equal(copy, options), "written options mean the same");
  return 0;
}
