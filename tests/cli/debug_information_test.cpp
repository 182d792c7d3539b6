// Reports of programs whose debug information is elsewhere, gone or not theirs, and of inlined functions.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "cli/tool.h"
#include "support/report_parser.h"
#include "support/temporary_directory.h"

namespace fencepost::cli_tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Command;
using support::Outcome;
using support::Report;

constexpr const char* kOverrun = FENCEPOST_PROGRAM_SOURCES "/overrun_write_by_1.c";
constexpr const char* kMoved = FENCEPOST_OWN_PROGRAMS "/moved.c";

/// A folder with programs of its own.
class Workshop {
 public:
  [[nodiscard]] std::string path(const std::string& name) const { return directory_.path() / name; }

  void must(const std::string& script) const {
    const Outcome outcome = shell("cd " + directory_.path().string() + " && " + script);
    INFO(script << "\n" << outcome.out << outcome.err);
    REQUIRE(outcome.ending() == "exit 0");
  }

  /// The path of the program.
  [[nodiscard]] std::string compile(const std::string& name, const std::string& source,
                                    const std::string& flags = {}) const {
    must(FENCEPOST_CC " -O0 -g " + flags + " " + source + " -o " + name);
    return path(name);
  }

 private:
  support::TemporaryDirectory directory_;
};

/// What `run` says of a program that has the one finding.
struct Told {
  std::string text;
  Report report;
};

Told told(const Outcome& outcome) {
  UNSCOPED_INFO(outcome.out << outcome.err);
  const std::vector<Report> reports = support::parse_reports(outcome.err);
  REQUIRE(reports.size() == 1);
  REQUIRE_FALSE(reports[0].error.frames.empty());
  return {outcome.err, reports[0]};
}

Told run(const Words& program) {
  Words words{"run", "--"};
  words.insert(words.end(), program.begin(), program.end());
  const Outcome outcome = tool(words);
  CHECK(outcome.ending() == "exit 86");
  return told(outcome);
}

/// The offset that the report has of its first frame, in the file of this name.
std::string offset_of_error(const std::string& text, const std::string& file) {
  const std::regex pattern("    #0 0x[0-9a-f]+ \\(.*/" + file + "\\+(0x[0-9a-f]+)\\)");
  std::smatch match;
  for (const std::string& line : lines_of(text)) {
    if (std::regex_match(line, match, pattern)) return match[1];
  }
  return "";
}

TEST_CASE("a stripped program's frames are module and offset, what addr2line takes", "[debug_information]") {
  const Workshop shop;
  const std::string whole = shop.compile("whole", kOverrun);
  shop.must("strip -o stripped whole");
  const Told said = run({shop.path("stripped")});
  CHECK(said.report.kind == "heap-buffer-overflow");
  CHECK(said.report.error.frames[0] == "?");
  CHECK(said.report.error.frames.at(1) == "?");
  CHECK_FALSE(contains(said.text, "overrun_write_by_1.c"));
  const std::string offset = offset_of_error(said.text, "stripped");
  REQUIRE_FALSE(offset.empty());
  const std::string place = shell("addr2line -f -e " + whole + " " + offset).out;
  CHECK(place == std::string("overrun\n") + kOverrun + ":5\n");
}

TEST_CASE("a file of debug information beside a stripped program gives it its lines", "[debug_information]") {
  const Workshop shop;
  const std::string whole = shop.compile("whole", kOverrun);
  shop.must(
      "objcopy --only-keep-debug whole stripped.debug && strip -o stripped whole && rm whole &&"
      "objcopy --add-gnu-debuglink=stripped.debug stripped");
  const Told said = run({shop.path("stripped")});
  CHECK(has_frame(said.text, "overrun", "overrun_write_by_1.c:5"));
  CHECK(has_frame(said.text, "make_block", "overrun_write_by_1.c:3"));
}

TEST_CASE("a file of debug information that is another program's is not taken", "[debug_information]") {
  const Workshop shop;
  shop.must(std::string(FENCEPOST_CC " -O0 -g -Doverrun=innocent ") + kOverrun + " -o other");
  static_cast<void>(shop.compile("whole", kOverrun));
  shop.must(
      "objcopy --only-keep-debug whole stripped.debug && strip -o stripped whole && rm whole &&"
      "objcopy --add-gnu-debuglink=stripped.debug stripped && objcopy --only-keep-debug other stripped.debug");
  const Told said = run({shop.path("stripped")});
  CHECK(said.report.error.frames[0] == "?");
  CHECK_FALSE(contains(said.text, "innocent"));
  CHECK_FALSE(contains(said.text, "overrun_write_by_1.c"));
}

TEST_CASE("split debug information gives functions and lines", "[debug_information]") {
  const Workshop shop;
  for (const char* const version : {"4", "5"}) {
    const std::string program =
        shop.compile("split." + std::string(version), kOverrun, "-gsplit-dwarf -gdwarf-" + std::string(version));
    INFO(version);
    shop.must("ls *.dwo");
    const Told said = run({program});
    CHECK(has_frame(said.text, "overrun", "overrun_write_by_1.c:5"));
    CHECK(has_frame(said.text, "make_block", "overrun_write_by_1.c:3"));
  }
}

TEST_CASE("a plugin that was closed has its functions and lines", "[debug_information]") {
  const Told said = run({program_path("use_after_free_by_closed_plugin")});
  CHECK(said.report.kind == "use-after-free");
  CHECK(has_frame(said.text, "plugin_make_and_release", "plugins/release.c:4"));
  CHECK(has_frame(said.text, "plugin_make_and_release", "plugins/release.c:5"));
  CHECK(has_frame(said.text, "main", "use_after_free_by_closed_plugin.c:13"));
}

TEST_CASE("a program that was deleted while it ran: that is said, and no line", "[debug_information]") {
  const Workshop shop;
  const Told said = run({shop.compile("moved", kMoved)});
  CHECK(said.report.kind == "heap-buffer-overflow");
  CHECK(contains(said.text, "(moved: file was deleted since)"));
  CHECK_FALSE(contains(said.text, "moved.c:"));
  CHECK_FALSE(offset_of_error(said.text, "moved").empty());
}

/// A program like `moved`, whose functions have other names: what would be said of it would be wrong.
std::string other_program(const Workshop& shop) {
  return shop.compile("other", kMoved, "-Doverrun=innocent -Dmake_block=bystander");
}

TEST_CASE("a program that was replaced while it ran: that is said, and nothing of the other", "[debug_information]") {
  const Workshop shop;
  const std::string other = other_program(shop);
  const Told said = run({shop.compile("moved", kMoved), other});
  CHECK(said.report.kind == "heap-buffer-overflow");
  CHECK(contains(said.text, "(moved: file was replaced since)"));
  CHECK_FALSE(contains(said.text, "moved.c:"));
  CHECK_FALSE(contains(said.text, "innocent"));
  CHECK_FALSE(contains(said.text, "bystander"));
}

/// The report of the process itself, by the tool that it starts, or in plain text without one.
Told dying(const Words& program, const std::string& its_tool) {
  Command command;
  command.arguments = program;
  command.environment = {{"LD_PRELOAD", FENCEPOST_LIBRARY}, {"FENCEPOST_TOOL", its_tool}};
  const Outcome outcome = support::run(command);
  CHECK(outcome.ending() == "signal 11");
  return told(outcome);
}

TEST_CASE("a process that dies has its own program still, whatever became of the file", "[debug_information]") {
  const Workshop shop;
  for (const bool replaced : {false, true}) {
    Words program{shop.compile("moved", kMoved)};
    if (replaced) program.push_back(other_program(shop));
    const Told said = dying(program, FENCEPOST_TOOL);
    CHECK(has_frame(said.text, "overrun", "moved.c:8"));
    CHECK(has_frame(said.text, "make_block", "moved.c:6"));
    CHECK(contains(said.text, replaced ? "(moved: file was replaced since)" : "(moved: file was deleted since)"));
    CHECK_FALSE(contains(said.text, "innocent"));
  }
}

TEST_CASE("nor does the plain text take names from a file in the program's place", "[debug_information]") {
  const Workshop shop;
  const std::string other = other_program(shop);
  const Told said = dying({shop.compile("moved", kMoved), other}, "");
  CHECK_FALSE(contains(said.text, "innocent"));
  CHECK_FALSE(contains(said.text, "bystander"));
  CHECK_FALSE(offset_of_error(said.text, "moved").empty());
}

/// "function at file:line", a line each, innermost first.
std::string listed(const std::string& function, const std::string& file, const std::string& line) {
  return function + " at " + fs::path(file).lexically_normal().string() + ":" + line + "\n";
}

std::string as_addr2line_has_it(const std::string& program, const std::string& offset) {
  const std::vector<std::string> lines = lines_of(shell("addr2line -C -f -i -e " + program + " " + offset).out);
  std::string text;
  for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
    const std::string place = lines[i + 1].substr(0, lines[i + 1].find(" (discriminator"));
    const std::size_t colon = place.rfind(':');
    text += listed(lines[i], place.substr(0, colon), place.substr(colon + 1));
  }
  return text;
}

std::string as_found(const json& frame) {
  std::string text;
  for (const json& source : frame["source"]) {
    text += listed(source["function"], source["file"], std::to_string(source["line"].get<unsigned>()));
  }
  return text;
}

Words functions_of(const json& frame) {
  Words names;
  for (const json& source : frame["source"]) names.push_back(source["function"]);
  return names;
}

TEST_CASE("inlined functions are those of addr2line, with their names and lines", "[debug_information]") {
  const std::string version = GENERATE("4", "5");
  const Workshop shop;
  const std::string program = shop.path("inlined");
  shop.must(FENCEPOST_CXX " -std=c++20 -O2 -g -gdwarf-" + version +
            " " FENCEPOST_OWN_PROGRAMS "/inlined.cpp -o inlined");
  const std::string found = shop.path("found");
  CHECK(tool({"run", "--format", "json=" + found, "--", program}).ending() == "exit 86");
  const json finding = json::parse(support::read_file(found));
  CHECK(finding["kind"] == "use-after-free");
  std::size_t with_inlined = 0;
  for (const json& trace : finding["traces"]) {
    for (const json& frame : trace["frames"]) {
      if (frame.value("module", "") != program || !frame.contains("source") || frame["function"] == "_start") continue;
      INFO("DWARF " << version << ", " << trace["role"] << " " << frame.dump(2));
      CHECK(as_found(frame) == as_addr2line_has_it(program, frame["offset"]));
      if (frame["source"].size() > 1) ++with_inlined;
    }
  }
  CHECK(with_inlined >= 7);
  CHECK(functions_of(finding["traces"][0]["frames"][0]) ==
        Words{"storage::Cells<long>::load(long const volatile*)", "storage::Cells<long>::at(unsigned long) const",
              "storage::Table<long, 8>::read(int, int) const",
              "long sums::fold_row<long, 8, sums::Plus>(storage::Table<long, 8> const&, int, sums::Plus)",
              "long sums::total<long, 8>(storage::Table<long, 8> const&)",
              "sums::all_of(storage::Table<long, 8> const&)"});
}

}  // namespace
}  // namespace fencepost::cli_tests
