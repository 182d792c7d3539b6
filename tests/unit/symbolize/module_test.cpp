#include "symbolize/module.h"

#include <catch2/catch.hpp>

#include "support.h"
#include "symbolize/debug_file.h"
#include "symbolize/file_identity.h"
#include "symbolize/programs.h"

using namespace fencepost;
using findings::SourceFrame;
using symbolize::Module;
using test::program;
using test::shell;

namespace {

using Frames = std::vector<SourceFrame>;

Module open(const std::string& path, const std::string& debug_directories = "/nonexistent") {
  return {symbolize::open_regular(path), path, debug_directories};
}

/// What is at `symbol` in one program, whose addresses are those of another with a symbol table.
Frames at(Module& module, const std::string& symbol, const std::string& original) {
  return module.source_of(test::address_of_symbol(original, symbol));
}
Frames at(const std::string& path, const std::string& symbol) {
  Module module = open(path);
  return at(module, symbol, path);
}

Frames only(const std::string& function) { return {SourceFrame{function, "", 0, 0, false}}; }

}  // namespace

TEST_CASE("inlined functions, lines and columns are found however a program was linked", "[symbolize]") {
  for (const char* const name :
       {"steps", "steps.no_pie", "steps.static", "steps.static_pie", "steps.compressed", "steps.split", "steps.so"}) {
    INFO(name);
    CHECK(test::is_inside(at(program(name), "inside")));
  }
}

TEST_CASE("a C function has its plain name, and the line where it begins", "[symbolize]") {
  const Frames frames = at(program("steps"), "plain");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].function == "plain");
  CHECK(frames[0].line == test::line_with("int plain("));
}

TEST_CASE("without debug information the symbol table has the functions", "[symbolize]") {
  CHECK(at(program("steps.no_debug"), "inside") == only("steps::fill(int)"));
  CHECK(at(program("steps.no_debug"), "plain") == only("plain"));
  // Assembler of the C library's: no debug information in any of these.
  CHECK(at(program("steps"), "_start") == only("_start"));
}

TEST_CASE("a stripped program has its exported functions, or nothing", "[symbolize]") {
  const test::TempFolder folder;
  shell("strip -s -o " + (folder / "exported") + " " + program("steps.exported"));
  shell("strip -s -o " + (folder / "nothing") + " " + program("steps"));
  Module exported = open(folder / "exported");
  Module nothing = open(folder / "nothing");
  CHECK(at(exported, "inside", program("steps.exported")) == only("steps::fill(int)"));
  CHECK(at(nothing, "inside", program("steps")).empty());
}

TEST_CASE("the small symbol table in .gnu_debugdata serves where there is no other", "[symbolize]") {
  const test::TempFolder folder;
  shell("cd " + (folder / "") + " && objcopy --only-keep-debug -R '.debug*' " + program("steps") +
        " small && xz small && strip -s -o program " + program("steps") +
        " && objcopy --add-section .gnu_debugdata=small.xz program");
  Module module = open(folder / "program");
  CHECK(at(module, "inside", program("steps")) == only("steps::fill(int)"));
}

TEST_CASE("debug information is found by the name that the program has for it", "[symbolize]") {
  const std::string where = GENERATE(as<std::string>{}, ".", ".debug");
  const std::string name = GENERATE(as<std::string>{}, "steps", "steps.no_id", "steps.no_pie");
  const test::TempFolder folder;
  shell("cd " + (folder / "") + " && mkdir -p " + where + " && objcopy --only-keep-debug " + program(name) + " " +
        where + "/kept.debug && strip -s -o program " + program(name) + " && objcopy --add-gnu-debuglink=" + where +
        "/kept.debug program");
  Module module = open(folder / "program");
  CHECK(test::is_inside(at(module, "inside", program(name))));
}

TEST_CASE("debug information below a debug directory has the program's path there", "[symbolize]") {
  const test::TempFolder folder;
  shell("cd " + (folder / "") + " && mkdir -p debug/$PWD && objcopy --only-keep-debug " + program("steps.no_id") +
        " debug/$PWD/kept.debug && strip -s -o program " + program("steps.no_id") +
        " && objcopy --add-gnu-debuglink=debug/$PWD/kept.debug program");
  Module module = open(folder / "program", folder / "debug");
  CHECK(test::is_inside(at(module, "inside", program("steps.no_id"))));
}

TEST_CASE("a debug file of another build is not taken", "[symbolize]") {
  const test::TempFolder folder;
  shell("cd " + (folder / "") + " && objcopy --only-keep-debug " + program("steps.no_id") +
        " kept.debug && strip -s -o program " + program("steps.no_id") +
        " && objcopy --add-gnu-debuglink=kept.debug program && objcopy --only-keep-debug " + program("steps.no_pie") +
        " kept.debug");
  Module module = open(folder / "program");
  CHECK(at(module, "inside", program("steps.no_id")).empty());
}

TEST_CASE("debug information is found by build id", "[symbolize]") {
  const test::TempFolder folder;
  const std::string id = symbolize::build_id_of(symbolize::open_regular(program("steps")).get());
  const std::string kept = "debug/.build-id/" + id.substr(0, 2);
  shell("cd " + (folder / "") + " && mkdir -p " + kept + " && objcopy --only-keep-debug " + program("steps") + " " +
        kept + "/" + id.substr(2) + ".debug && strip -s -o program " + program("steps"));
  Module module = open(folder / "program", folder / "debug");
  CHECK(test::is_inside(at(module, "inside", program("steps"))));
}

TEST_CASE("addresses outside of the code have no source", "[symbolize]") {
  Module module = open(program("steps"));
  for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    CHECK(module.source_of(address).empty());
  }
}

TEST_CASE("what is no ELF file is a module without functions", "[symbolize]") {
  const test::TempFile text("no program, but longer than the header of one: 0123456789 0123456789 0123456789");
  const test::TempFile empty;
  for (const std::string& path : {text.path(), empty.path(), std::string("/nonexistent")}) {
    CHECK(open(path).source_of(0x1000).empty());
  }
}
