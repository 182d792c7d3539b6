#include "suppression/rules.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

using namespace fencepost;
using namespace fencepost::suppression;

namespace {

struct File {
  explicit File(std::string text, Size capacity = 64) : content(std::move(text)), room(new Rule[capacity]) {
    rules.set_room(room.get(), capacity);
    rules.add(content, "own.supp", [this](std::string_view line) { complaints.emplace_back(line); });
  }

  std::string content;
  std::unique_ptr<Rule[]> room;
  Rules rules;
  std::vector<std::string> complaints;
};

/// The line of the rule that a finding meets, 0 for none.
unsigned met(File& file, std::string_view kind, const std::vector<Frame>& frames) {
  file.rules.begin(kind);
  for (const Frame& frame : frames) file.rules.show(frame);
  const Rule* const rule = file.rules.met();
  return rule == nullptr ? 0 : rule->line;
}

unsigned met(std::string text, std::string_view kind, const std::vector<Frame>& frames) {
  File file(std::move(text));
  CHECK(file.complaints.empty());
  return met(file, kind, frames);
}

Frame function(std::string_view name) { return {.function = name}; }

const Frame kFill{.function = "fill_row", .module = "/usr/lib/libbar.so.2", .source = "fill.c"};
const Frame kMain{.function = "main", .module = "/opt/app/program", .source = "/src/app/main.c"};

}  // namespace

TEST_CASE("a kind alone suppresses all of that kind", "[suppression]") {
  CHECK(met("use-after-free", "use-after-free", {}) == 1);
  CHECK(met("use-after-free", "double-free", {}) == 0);
  CHECK(met("heap-buffer-*", "heap-buffer-underflow", {}) == 1);
  CHECK(met("kind=*-free", "double-free", {kMain}) == 1);
  CHECK(met("*", "wild-access", {}) == 1);
}

TEST_CASE("a function may be any frame", "[suppression]") {
  CHECK(met("function=main", "double-free", {kFill, kMain}) == 1);
  CHECK(met("function=fill_*", "double-free", {kFill, kMain}) == 1);
  CHECK(met("function=fill", "double-free", {kFill, kMain}) == 0);
  CHECK(met("use-after-free function=main", "double-free", {kMain}) == 0);
  CHECK(met("function=*", "double-free", {Frame{}}) == 0);
}

TEST_CASE("functions go by symbol, without a compiler's suffix, and by plain name", "[suppression]") {
  CHECK(met("function=parse", "double-free", {function("parse.constprop.0")}) == 1);
  CHECK(met("function=parse.constprop.*", "double-free", {function("parse.constprop.0")}) == 1);
  CHECK(met("function=_ZN3foo3barEv", "double-free", {function("_ZN3foo3barEv")}) == 1);
  CHECK(met("function=foo::*", "double-free", {function("_ZN3foo3barEv")}) == 1);
  CHECK(met("function=std::vector<*>::push_back", "double-free", {function("_ZNSt6vectorIiSaIiEE9push_backERKi")}) ==
        1);
  // A real demangler's name takes the place of the plain one.
  const Frame demangled{.function = "_ZN3foo3barEv", .demangled = "foo::bar()"};
  CHECK(met("function=foo::bar()", "double-free", {demangled}) == 1);
  CHECK(met("function=foo::bar", "double-free", {demangled}) == 0);
}

TEST_CASE("modules and sources go by path or by name", "[suppression]") {
  CHECK(met("module=libbar.so*", "double-free", {kFill, kMain}) == 1);
  CHECK(met("module=/usr/lib/*", "double-free", {kFill, kMain}) == 1);
  CHECK(met("module=libba.so*", "double-free", {kFill, kMain}) == 0);
  CHECK(met("source=main.c", "double-free", {kFill, kMain}) == 1);
  CHECK(met("source=*/app/*", "double-free", {kFill, kMain}) == 1);
  CHECK(met("source=main.cpp", "double-free", {kFill, kMain}) == 0);
}

TEST_CASE("all conditions must hold, each at a frame of its own choice", "[suppression]") {
  const char* const all = "double-free function=fill_row function=main module=libbar.so* source=*/main.c";
  CHECK(met(all, "double-free", {kFill, kMain}) == 1);
  CHECK(met(all, "double-free", {kMain, kFill}) == 1);
  CHECK(met(all, "double-free", {kFill}) == 0);
  CHECK(met(all, "invalid-free", {kFill, kMain}) == 0);
}

TEST_CASE("the shorthand asks for a function, a module or a source file", "[suppression]") {
  CHECK(met("double-free:fill_*", "double-free", {kFill}) == 1);
  CHECK(met("double-free:libbar.so.2", "double-free", {kFill}) == 1);
  CHECK(met("double-free:fill.c", "double-free", {kFill}) == 1);
  CHECK(met("double-free:other", "double-free", {kFill}) == 0);
  CHECK(met("*:main function=fill_row", "double-free", {kFill, kMain}) == 1);
  CHECK(met("*:foo::bar", "double-free", {function("_ZN3foo3barEv")}) == 1);
}

TEST_CASE("comments and blank lines are none, and lines are counted", "[suppression]") {
  File file("# a comment\n\n \t\r\n  double-free  function=main  # since 2.1\r\nuse-after-free#not_a_comment:f\n");
  CHECK(file.complaints.size() == 1);
  REQUIRE(file.rules.all().size() == 1);
  CHECK(file.rules.all()[0].text == "double-free  function=main");
  CHECK(file.rules.all()[0].line == 4);
  CHECK(file.rules.all()[0].file == "own.supp");
}

TEST_CASE("the first rule of a file that is met counts", "[suppression]") {
  CHECK(met("double-free function=other\ndouble-free\n*", "double-free", {kMain}) == 2);
}

TEST_CASE("a bad line is named with the reason, and the others hold", "[suppression]") {
  const auto [line, reason] = GENERATE(table<const char*, const char*>({
      {"use-after-fre", "no kind of finding is 'use-after-fre'; the kinds are heap-buffer-overflow, "},
      {"leak:foo", "no kind of finding is 'leak'"},
      {"foo::bar", "no kind of finding is 'foo'"},
      {"double-free fun=main", "'fun=main' asks for 'fun'; it may ask for kind, function, module and source"},
      {"double-free function=", "'function=' has no pattern"},
      {"double-free:", "'double-free:' has no pattern"},
      {":main", "':main' names no kind of finding"},
      {"double-free main", "'main' is no condition: those after the first word are function=.., "},
      {"double-free wild-access:main", "'wild-access:main' is no condition"},
      {"=", "'=' has no pattern"},
      {"{", "no kind of finding is '{'"},
  }));
  File file(std::string("double-free\n") + line + "\nwild-access\n");
  REQUIRE(file.complaints.size() == 1);
  INFO(file.complaints[0]);
  CHECK(file.complaints[0].starts_with(std::string("own.supp:2: ") + reason));
  CHECK(file.complaints[0].ends_with("\n"));
  CHECK(met(file, "double-free", {}) == 1);
  CHECK(met(file, "wild-access", {}) == 3);
}

TEST_CASE("conditions are as many as there are bits for", "[suppression]") {
  std::string line = "double-free";
  for (int i = 0; i < 30; ++i) line += " function=main";
  CHECK(met(line, "double-free", {kMain}) == 1);
  File file(line + " function=main");
  REQUIRE(file.complaints.size() == 1);
  CHECK(file.complaints[0] == "own.supp:1: more than 31 conditions\n");
}

TEST_CASE("a file that is none makes a bounded number of complaints", "[suppression]") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text +=
        "\x7f"
        "ELF\n";
  File file(text);
  CHECK(file.rules.empty());
  REQUIRE(file.complaints.size() == Rules::kMostComplaints + 1);
  CHECK(file.complaints.back() == "own.supp: 80 more lines that can't be used\n");
  CHECK(file.complaints[0].starts_with("own.supp:1: no kind of finding is '\\x7fELF'"));
}

TEST_CASE("rules beyond the room are left out, and that is told", "[suppression]") {
  File file("double-free\nwild-access\ninvalid-free\n", 2);
  CHECK(file.rules.all().size() == 2);
  REQUIRE(file.complaints.size() == 1);
  CHECK(file.complaints[0] == "own.supp:3: more than 2 suppressions; this one and all after it are left out\n");
}

TEST_CASE("undecided is who still waits for a frame", "[suppression]") {
  File file("double-free function=main\nwild-access function=main\n");
  file.rules.begin("use-after-free");
  CHECK(!file.rules.undecided());
  file.rules.begin("double-free");
  CHECK(file.rules.undecided());
  file.rules.show(kMain);
  CHECK(!file.rules.undecided());
  CHECK(file.rules.met() == &file.rules.all()[0]);
  CHECK(!file.rules.ask_for_source());
  CHECK(File("double-free:x").rules.ask_for_source());
  CHECK(File("source=x").rules.ask_for_source());
}

TEST_CASE("random bytes are read without harm, and what they make holds what it says", "[suppression]") {
  std::uint32_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525 + 1013904223;
      text += "double-free:function=module* ?#\n\t_ZN3fooE"[(state >> 16) % 40];
    }
    File file(text);
    file.rules.begin("double-free");
    file.rules.show(kFill);
    if (const Rule* const rule = file.rules.met()) CHECK(!rule->text.empty());
  }
}
