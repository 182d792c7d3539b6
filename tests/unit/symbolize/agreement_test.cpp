// What others say of a program full of templates and inlined functions, at every instruction of it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "support.h"
#include "symbolize/demangle.h"
#include "symbolize/file_identity.h"
#include "symbolize/module.h"
#include "symbolize/programs.h"

using namespace fencepost;
using findings::SourceFrame;

namespace {

using Frames = std::vector<SourceFrame>;

std::vector<std::string> instructions_of(const std::string& path) {
  std::istringstream list(
      test::shell("objdump -d -j .text --no-show-raw-insn '" + path + "' | sed -n 's/^ *\\([0-9a-f]*\\):.*/0x\\1/p'"));
  std::vector<std::string> all;
  for (std::string address; list >> address;) all.push_back(address);
  return all;
}

std::string ask(const std::string& command, const std::vector<std::string>& addresses) {
  std::string input;
  for (const std::string& address : addresses) input += address + "\n";
  const test::TempFile questions(input);
  return test::shell(command + " < " + questions.path());
}

unsigned number(const std::string& text) { return text == "?" ? 0 : static_cast<unsigned>(std::stoul(text)); }

/// "file:line", or "file:line:column".
SourceFrame parse_place(std::string text, bool with_column) {
  SourceFrame frame;
  text = text.substr(0, text.find(" (discriminator"));
  for (unsigned* const part : {&frame.column, &frame.line}) {
    if (part == &frame.column && !with_column) continue;
    const std::size_t colon = text.rfind(':');
    *part = number(text.substr(colon + 1));
    text.resize(colon);
  }
  frame.file = text;
  return frame;
}

/// The answers, which begin with the address each: a function on one line, its place on the next, and perhaps
/// an empty one.
std::vector<Frames> parse(const std::string& output, bool with_column) {
  std::vector<Frames> all;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("0x")) {
      all.emplace_back();
    } else if (!line.empty()) {
      std::string place;
      std::getline(lines, place);
      all.back().push_back(parse_place(place, with_column));
      all.back().back().function = line;
    }
  }
  return all;
}

std::string describe(const Frames& frames, bool with_column) {
  std::ostringstream text;
  for (const SourceFrame& frame : frames) {
    // The same path may be written in several ways; nobody says anything of line 0.
    if (frame.line == 0) continue;
    text << std::filesystem::path(frame.file).lexically_normal().string() << ':' << frame.line;
    if (with_column) text << ':' << frame.column;
    text << '\n';
  }
  return text.str();
}

void compare(const std::string& path, const std::string& command, bool with_column) {
  const std::vector<std::string> addresses = instructions_of(path);
  REQUIRE(addresses.size() > 1000);
  const std::vector<Frames> theirs = parse(ask(command + " '" + path + "'", addresses), with_column);
  REQUIRE(theirs.size() == addresses.size());
  symbolize::Module module(symbolize::open_regular(path), path, "/nonexistent");
  std::size_t deepest = 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const Frames ours = module.source_of(std::stoull(addresses[i], nullptr, 16));
    INFO(path << " " << addresses[i]);
    REQUIRE(describe(ours, with_column) == describe(theirs[i], with_column));
    deepest = std::max(deepest, ours.size());
  }
  CHECK(deepest > 5);
}

}  // namespace

TEST_CASE("lines and inlined frames are those of addr2line", "[symbolize]") {
  std::size_t compared = 0;
  for (const std::string& path : test::inlined_programs()) {
    // addr2line of binutils 2.40 leaves out the inlined functions that clang describes in DWARF 5.
    if (path.ends_with("clang++.5")) continue;
    compare(path, "addr2line -i -f -C -a -e", false);
    ++compared;
  }
  CHECK(compared >= 2);
}

TEST_CASE("lines, columns and inlined frames are those of llvm-symbolizer", "[symbolize]") {
  for (const std::string& path : test::inlined_programs()) {
    compare(path, "llvm-symbolizer --inlines --output-style=LLVM --addresses --obj", true);
  }
}

TEST_CASE("functions have the symbols that addr2line gives them, demangled", "[symbolize]") {
  std::size_t compared = 0;
  for (const std::string& path : test::inlined_programs()) {
    // Where there is no symbol, as in what g++ says of private functions, addr2line takes that of another
    // function.
    if (!path.ends_with("clang++.4")) continue;
    const std::vector<std::string> addresses = instructions_of(path);
    const std::vector<Frames> theirs = parse(ask("addr2line -i -f -a -e '" + path + "'", addresses), false);
    symbolize::Module module(symbolize::open_regular(path), path, "/nonexistent");
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      const Frames ours = module.source_of(std::stoull(addresses[i], nullptr, 16));
      for (std::size_t k = 0; k < ours.size() && ours[k].line > 0; ++k) {
        INFO(path << " " << addresses[i]);
        REQUIRE(ours[k].function == symbolize::demangle(theirs[i].at(k).function));
        ++compared;
      }
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("functions that only their declarations name are named with their scopes", "[symbolize]") {
  const std::string path = test::program("inlined.g++.5");
  symbolize::Module module(symbolize::open_regular(path), path, "/nonexistent");
  std::vector<std::string> names;
  for (const std::string& address : instructions_of(path)) {
    for (const SourceFrame& frame : module.source_of(std::stoull(address, nullptr, 16)))
      names.push_back(frame.function);
  }
  const auto is_there = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK(is_there("shapes::(anonymous namespace)::hidden"));
  CHECK(is_there("run::{lambda}::operator()"));
  CHECK(is_there("fold"));
  CHECK(is_there("main"));
}
