#include "options/options.h"

#include <catch2/catch.hpp>
#include <string>

using namespace fencepost;
using namespace fencepost::options;

namespace {

struct Parsed {
  bool good;
  Options options;
  std::string complaints;
};

Parsed parsed(std::string_view text) {
  Parsed result{};
  TextBuffer<8192> complaints;
  result.good = parse(text, result.options, complaints);
  result.complaints = complaints.view();
  return result;
}

bool same(const Options& a, const Options& b) {
  bool equal = true;
#define FENCEPOST_CHOICE(Type, name, preset, words, help) equal = equal && a.name == b.name;
#define FENCEPOST_NUMBER(name, preset, lowest, highest, help) equal = equal && a.name == b.name;
#define FENCEPOST_BYTE(name, preset, help) equal = equal && a.name == b.name;
#define FENCEPOST_TEXT(name, help) equal = equal && a.name.view() == b.name.view();
#include "options/options.inc"
  return equal;
}

bool is_default(const Options& options) { return same(options, Options{}); }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("nothing to read leaves the defaults and no complaint", "[options]") {
  for (const char* const text : {"", ":", ":::"}) {
    const Parsed result = parsed(text);
    CAPTURE(text);
    CHECK(result.good);
    CHECK(result.complaints.empty());
    CHECK(is_default(result.options));
  }
}

TEST_CASE("the defaults are what design and help say", "[options]") {
  const Options options;
  CHECK(options.engine == Engine::automatic);
  CHECK(options.least_alignment() == 0);
  CHECK(options.side == Side::end);
  CHECK(options.fill_malloc == 0xbe);
  CHECK(options.fill_slack == 0xfd);
  CHECK(options.on_error == OnError::abort);
  CHECK(options.exitcode == 86);
  CHECK(options.log_path.view().empty());
}

TEST_CASE("each type of option is read", "[options]") {
  const Parsed result = parsed("engine=none:depth=7:fill_malloc=0x5A:fill_slack=none:log_path=/tmp/a=b%p:align=64");
  CHECK(result.good);
  CHECK(result.complaints.empty());
  CHECK(result.options.engine == Engine::none);
  CHECK(result.options.depth == 7);
  CHECK(result.options.fill_malloc == 0x5a);
  CHECK(result.options.fill_slack == -1);
  CHECK(result.options.log_path.view() == "/tmp/a=b%p");
  CHECK(result.options.least_alignment() == 64);
}

TEST_CASE("every alignment word means its number", "[options]") {
  for (Size alignment = 1; alignment <= 4096; alignment *= 2) {
    const Parsed result = parsed("align=" + std::to_string(alignment));
    CAPTURE(alignment);
    CHECK(result.good);
    CHECK(result.options.least_alignment() == alignment);
  }
  CHECK(parsed("align=natural").options.least_alignment() == 0);
}

TEST_CASE("every word of a choice is accepted, and its default is the default", "[options]") {
  for_each_option([](const Description& option) {
    if (!contains(option.accepted, "|")) return;
    std::string_view words = option.accepted;
    while (!words.empty()) {
      const Split parts = split(words, '|');
      CHECK(parsed(std::string(option.name) + "=" + std::string(parts.head)).good);
      words = parts.tail;
    }
    CHECK(is_default(parsed(std::string(option.name) + "=" + std::string(option.preset)).options));
  });
}

TEST_CASE("numbers are accepted to their bounds and no further", "[options]") {
  CHECK(parsed("exitcode=1").options.exitcode == 1);
  CHECK(parsed("exitcode=255").options.exitcode == 255);
  CHECK(parsed("seed=4294967295").options.seed == 4294967295);
  CHECK(parsed("depth=0x40").options.depth == 64);
  for (const char* const text : {"exitcode=0", "exitcode=256", "seed=4294967296", "depth=65", "depth=0x41"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed(text).good);
    CHECK(is_default(parsed(text).options));
  }
}

TEST_CASE("bytes are accepted to 255", "[options]") {
  CHECK(parsed("fill_slack=0").options.fill_slack == 0);
  CHECK(parsed("fill_slack=255").options.fill_slack == 255);
  CHECK(parsed("fill_slack=0xFf").options.fill_slack == 255);
  for (const char* const text : {"fill_slack=256", "fill_slack=-1", "fill_slack=None", "fill_slack="}) {
    CAPTURE(text);
    CHECK_FALSE(parsed(text).good);
    CHECK(is_default(parsed(text).options));
  }
}

TEST_CASE("what is not quite a number is none", "[options]") {
  for (const char* const value : {"", "x", "7x", "-7", "+7", " 7", "7 ", "0x", "0xg", "1e3", "07_0",
                                  "18446744073709551616", "18446744073709551622", "0x10000000000000000"}) {
    CAPTURE(value);
    CHECK_FALSE(parsed(std::string("max_blocks=") + value).good);
  }
}

TEST_CASE("text is taken up to 512 bytes", "[options]") {
  const std::string longest(512, 'x');
  CHECK(parsed("log_path=" + longest).options.log_path.view() == longest);
  const Parsed result = parsed("log_path=" + longest + "x");
  CHECK_FALSE(result.good);
  CHECK(result.options.log_path.view().empty());
  CHECK(contains(result.complaints, "log_path"));
  CHECK(contains(result.complaints, "512"));
}

TEST_CASE("a bad value names the key, the value and every accepted word", "[options]") {
  const Parsed result = parsed("side=middle");
  CHECK_FALSE(result.good);
  CHECK(is_default(result.options));
  CHECK(result.complaints == "bad value 'middle' for option side; accepted is end|begin|random; the default stays\n");
}

TEST_CASE("a bad number names its range", "[options]") {
  const Parsed result = parsed("exitcode=256");
  CHECK(contains(result.complaints, "exitcode"));
  CHECK(contains(result.complaints, "from 1 to 255"));
}

TEST_CASE("an unknown key names every option there is", "[options]") {
  const Parsed result = parsed("Engine=none");
  CHECK_FALSE(result.good);
  CHECK(is_default(result.options));
  CHECK(contains(result.complaints, "unknown option 'Engine'"));
  for_each_option([&](const Description& option) {
    CAPTURE(std::string(option.name));
    CHECK(contains(result.complaints, option.name));
  });
}

TEST_CASE("one bad setting does not take the others with it", "[options]") {
  const Parsed result = parsed("depth=5:nonsense:side=up:seed=9:=1");
  CHECK_FALSE(result.good);
  CHECK(result.options.depth == 5);
  CHECK(result.options.seed == 9);
  CHECK(result.options.side == Side::end);
  CHECK(std::count(result.complaints.begin(), result.complaints.end(), '\n') == 3);
}

TEST_CASE("the last of several settings wins, and a bad one leaves the one before", "[options]") {
  CHECK(parsed("depth=5:depth=6").options.depth == 6);
  CHECK(parsed("depth=5:depth=600").options.depth == 5);
}

TEST_CASE("a key without a value leaves the text from before", "[options]") {
  const Parsed result = parsed("log_path=/tmp/x:log_path");
  CHECK_FALSE(result.good);
  CHECK(result.options.log_path.view() == "/tmp/x");
}

TEST_CASE("a key without a value is a mistake, whatever its type", "[options]") {
  for (const char* const key : {"engine", "depth", "fill_slack", "log_path", "help"}) {
    CAPTURE(key);
    CHECK_FALSE(parsed(key).good);
  }
}

TEST_CASE("bytes that a terminal would act on are escaped in complaints", "[options]") {
  CHECK(contains(parsed("\x1b[31m=1").complaints, "'\\x1b[31m'"));
  CHECK(contains(parsed("side=\n").complaints, "'\\x0a'"));
}

TEST_CASE("complaints that do not fit are cut, not overrun", "[options]") {
  Options options;
  TextBuffer<16> complaints;
  CHECK_FALSE(parse("nonsense=1", options, complaints));
  CHECK(complaints.truncated());
}

TEST_CASE("the list describes every option with its default and its help", "[options]") {
  TextBuffer<8192> list;
  describe(list);
  CHECK_FALSE(list.truncated());
  int options = 0;
  for_each_option([&](const Description& option) {
    ++options;
    CAPTURE(std::string(option.name));
    CHECK(contains(list.view(), "  " + std::string(option.name) + "=" + std::string(option.accepted)));
    CHECK(contains(list.view(), option.help));
    CHECK_FALSE(option.help.empty());
  });
  CHECK(options >= 14);
}

TEST_CASE("word_at counts from 0", "[options]") {
  CHECK(word_at("a|b|c", 0) == "a");
  CHECK(word_at("a|b|c", 2) == "c");
  CHECK(word_at("a|b|c", 3).empty());
}
