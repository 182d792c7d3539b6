#include "symbolize/symbolizer.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <random>

#include "support.h"
#include "symbolize/demangle.h"
#include "symbolize/programs.h"

using namespace fencepost;
using namespace fencepost::symbolize;
using findings::Finding;
using findings::Frame;
using test::program;
using test::shell;
using namespace std::chrono_literals;

namespace {

Frame frame_in(const std::string& path, const std::string& original) {
  Frame frame;
  frame.module = path;
  frame.offset = test::address_of_symbol(original, "inside");
  frame.function = "_ZN5steps4fillEi";
  return frame;
}
Frame frame_in(const std::string& path) { return frame_in(path, path); }

Finding finding_with(const std::vector<Frame>& frames) {
  Finding finding;
  finding.process.executable = "/bin/other";
  finding.process.pid = 1;
  for (const Frame& frame : frames) finding.traces.emplace_back().frames.push_back(frame);
  return finding;
}

Frame symbolized(Symbolizer& symbolizer, const Frame& frame) {
  Finding finding = finding_with({frame});
  symbolizer.symbolize(finding);
  return finding.traces[0].frames[0];
}

/// At least the name that the process said.
bool says_something(const Frame& frame) { return !frame.source.empty() && !frame.source.back().function.empty(); }

/// f(B<int, int>, B<B<int, int>, B<int, int>>, ...): each parameter is written with twice the letters of the
/// one before.
std::string name_of_2_to_the(int levels) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string name = "_Z1f1BIiiE";
  for (int level = 0; level < levels; ++level) {
    const std::string last = std::string("S") + kDigits[static_cast<std::size_t>(level)] + "_";
    name += "S_I" + last + last + "E";
  }
  return name;
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Where the debug information and the symbols of a file begin: after all that is loaded.
std::size_t begin_of_debug(const std::string& bytes) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::size_t end = 0;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == PT_LOAD) end = std::max(end, static_cast<std::size_t>(segment.p_offset + segment.p_filesz));
  }
  return end;
}

/// For a symbolizer that gives up soon, because broken files may keep a reader busy for ever.
Settings impatient() { return {"/nonexistent", 2s}; }

}  // namespace

TEST_CASE("every frame of every trace gets its source", "[symbolize]") {
  Finding finding = finding_with({frame_in(program("steps")), frame_in(program("steps.no_pie"))});
  finding.traces[1].frames.push_back(frame_in(program("steps.static")));
  Symbolizer().symbolize(finding);
  for (const findings::Trace& trace : finding.traces) {
    for (const Frame& frame : trace.frames) {
      CHECK(test::is_inside(frame.source));
      CHECK(frame.note.empty());
    }
  }
}

TEST_CASE("a frame that has its source keeps it", "[symbolize]") {
  Frame frame = frame_in(program("steps"));
  frame.source.push_back({"elsewhere()", "elsewhere.cpp", 1, 1, false});
  frame.note = "from another machine";
  Symbolizer symbolizer;
  CHECK(symbolized(symbolizer, frame) == frame);
}

TEST_CASE("a frame of no module and no name stays empty", "[symbolize]") {
  Symbolizer symbolizer;
  CHECK(symbolized(symbolizer, {}) == Frame{});
}

TEST_CASE("a plugin that was unloaded is read from its file", "[symbolize]") {
  void* const plugin = dlopen(program("steps.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(plugin != nullptr);
  const auto address = reinterpret_cast<std::uint64_t>(dlsym(plugin, "inside"));
  link_map* map = nullptr;
  REQUIRE(dlinfo(plugin, RTLD_DI_LINKMAP, &map) == 0);
  Frame frame;
  frame.module = map->l_name;
  frame.offset = address - map->l_addr;
  frame.unloaded = true;
  dlclose(plugin);
  Symbolizer symbolizer;
  const Frame found = symbolized(symbolizer, frame);
  CHECK(test::is_inside(found.source));
  CHECK(found.unloaded);
}

TEST_CASE("what the process saw of a file is held against it", "[symbolize]") {
  Symbolizer symbolizer({"/nonexistent", 0ms});
  Frame by_id = frame_in(program("steps"));
  by_id.build_id = "0123456789abcdef";
  Frame by_size = frame_in(program("steps.no_id"));
  by_size.module_size = 1;
  for (const Frame& frame : {by_id, by_size}) {
    const Frame found = symbolized(symbolizer, frame);
    CHECK(found.note == "file was replaced since");
    REQUIRE(found.source.size() == 1);
    CHECK(found.source[0].function == "steps::fill(int)");
    CHECK(found.source[0].file.empty());
  }
}

TEST_CASE("the kernel's mark of a deleted program is no part of its name", "[symbolize]") {
  Frame frame = frame_in(program("steps"));
  frame.module += " (deleted)";
  Symbolizer symbolizer;
  CHECK(test::is_inside(symbolized(symbolizer, frame).source));
}

TEST_CASE("a file that was cut short takes nothing down", "[symbolize]") {
  const test::TempFolder folder;
  const std::string whole = test::read_file(program("steps"));
  Symbolizer symbolizer(impatient());
  for (std::size_t size = 0; size < whole.size(); size += size < 128 ? 8 : whole.size() / 97) {
    const std::string path = folder / std::to_string(size);
    write(path, whole.substr(0, size));
    INFO(size);
    CHECK(says_something(symbolized(symbolizer, frame_in(path, program("steps")))));
  }
  CHECK(test::is_inside(symbolized(symbolizer, frame_in(program("steps"))).source));
}

TEST_CASE("wrong bytes in headers and debug information take nothing down", "[symbolize]") {
  const char* const name = GENERATE("steps", "steps.compressed");
  const test::TempFolder folder;
  const std::string whole = test::read_file(program(name));
  const std::size_t debug = begin_of_debug(whole);
  REQUIRE(debug < whole.size());
  Symbolizer symbolizer(impatient());
  std::mt19937 random(1);
  for (int turn = 0; turn < 200; ++turn) {
    std::string bytes = whole;
    for (int i = 0; i < 1 + turn % 20; ++i) {
      const bool in_header = turn % 4 == 0;
      const std::size_t at = in_header ? random() % sizeof(Elf64_Ehdr) : debug + random() % (bytes.size() - debug);
      bytes[at] = static_cast<char>(random());
    }
    const std::string path = folder / std::to_string(turn);
    write(path, bytes);
    INFO(turn);
    CHECK(says_something(symbolized(symbolizer, frame_in(path, program(name)))));
    std::filesystem::remove(path);
  }
  CHECK(test::is_inside(symbolized(symbolizer, frame_in(program(name))).source));
}

TEST_CASE("a name that takes for ever to be read is left as it is", "[symbolize]") {
  REQUIRE(demangle(name_of_2_to_the(1)) == "f(B<int, int>, B<B<int, int>, B<int, int> >)");
  Frame frame;
  frame.function = name_of_2_to_the(34);
  Symbolizer symbolizer({"/nonexistent", 100ms});
  const Frame found = symbolized(symbolizer, frame);
  REQUIRE(found.source.size() == 1);
  CHECK(found.source[0].function == frame.function);
  CHECK(found.note == "debug information can't be read");
}
