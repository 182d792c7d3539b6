// Reads and writes at many distances around blocks of many sizes, held against the documented geometry.
#include "endtoend/distances.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <sstream>

#include "endtoend/flavours.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

using support::Report;
using How = Sight::How;

constexpr std::uint64_t kSizes[] = {0, 1, 7, 8, 13, 16, 24, 40, 4095, 4096, 4097, 65536, 1000001};
constexpr long kDistances[] = {-4097, -17, -16, -1, 0, 1, 7, 8, 15, 16, 4095, 4096, 8191};

/// One thing that the program did, and what Fencepost said of it.
struct Step {
  std::string action;  ///< "READ", "WRITE", "FREE"
  long distance = 0;
  Block block;
  std::string said;
};

struct Run {
  std::vector<Block> blocks;  ///< in order of address
  std::vector<Step> steps;
};

bool starts_step(const std::string& word) { return word == "READ" || word == "WRITE" || word == "FREE"; }

Run parse(const std::string& text) {
  Run run;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    Block block;
    Step step;
    words >> first >> block.size;
    if (first == "READ" || first == "WRITE") words >> step.distance;
    const bool marker = first == "BLOCK" || starts_step(first);
    if (marker && words >> std::hex >> block.address) {
      if (first == "BLOCK") run.blocks.push_back(block);
      if (first != "BLOCK") run.steps.push_back({first, step.distance, block, {}});
    } else if (!run.steps.empty() && support::parse_messages(line).empty()) {
      run.steps.back().said += line + "\n";
    }
  }
  const auto by_address = [](const Block& a, const Block& b) { return a.address < b.address; };
  std::sort(run.blocks.begin(), run.blocks.end(), by_address);
  return run;
}

void check_report(const Step& step, const std::string& kind, const std::string& action, std::uint64_t address,
                  const Sight& sight) {
  const std::vector<Report> reports = support::parse_reports(step.said);
  CHECK(reports.size() == 1);
  if (reports.size() != 1) return;
  CHECK(reports[0].kind == kind);
  CHECK(reports[0].action == action);
  CHECK(reports[0].address == address);
  CHECK(reports[0].place == sight.place);
  CHECK(reports[0].block_begin == sight.block.address);
  CHECK(reports[0].block_end == sight.block.end());
  CHECK(!reports[0].summary.empty());
}

/// The bytes of slack that the program wrote so far, by the address of the block whose slack it is: one each.
using Written = std::map<std::uint64_t, std::uint64_t>;

void check_access(const Step& step, const Sight& sight, Written& written) {
  const std::uint64_t address = byte_at(step.block, step.distance);
  if (sight.how == How::at_instruction) {
    const bool before = sight.place.relation == "before";
    check_report(step, before ? "heap-buffer-underflow" : "heap-buffer-overflow", step.action, address, sight);
    return;
  }
  CHECK(step.said.empty());
  if (sight.how == How::when_released && step.action == "WRITE") {
    REQUIRE(written.emplace(sight.block.address, address).second);
  }
}

void check_release(const Step& step, const std::vector<Block>& blocks, const Written& written) {
  const auto found = written.find(step.block.address);
  if (found == written.end()) {
    CHECK(step.said.empty());
    return;
  }
  check_report(step, "slack-overwritten", "found by free", found->second, look(blocks, found->second));
}

/// Those of the blocks that can be near to `address`; the size of the pages around is at most a few.
std::vector<Block> around(const std::vector<Block>& blocks, std::uint64_t address) {
  const auto is_below = [](const Block& block, std::uint64_t value) { return block.address < value; };
  const auto at = std::lower_bound(blocks.begin(), blocks.end(), address, is_below);
  const auto begin = at - std::min<std::ptrdiff_t>(4, at - blocks.begin());
  return {begin, at + std::min<std::ptrdiff_t>(4, blocks.end() - at)};
}

/// True if the three blocks around `block` lie as in a row_of_five.
bool in_a_row(const std::vector<Block>& blocks, const Block& block) {
  const std::vector<Block> near = around(blocks, block.address);
  const auto at = std::find(near.begin(), near.end(), block);
  if (at - near.begin() < 2 || near.end() - at < 3) return false;
  for (auto each = at - 1; each != at + 3; ++each) {
    if (each->size != block.size || each->pages_begin() != std::prev(each)->pages_end() + kPage) return false;
  }
  return true;
}

/// True if no other block begins or ends within the distances, and a page, of `block`.
bool is_alone(const std::vector<Block>& blocks, const Block& block) {
  constexpr std::uint64_t kFar = 4 * kPage;
  const std::vector<Block> near = around(blocks, block.address);
  return std::all_of(near.begin(), near.end(), [&](const Block& each) {
    return each == block || each.end() + kFar < block.address || block.end() + kFar < each.address;
  });
}

/// True if `block` lies among others as those do that the table is about.
bool lies_as_in_table(const std::vector<Block>& blocks, const Block& block) {
  return block.size > kLargestInRow ? is_alone(blocks, block) : in_a_row(blocks, block);
}

std::string expected_word(const Block& block, long distance, Layout layout) {
  const std::vector<Block> row = row_of_five(block.size, layout);
  const Block middle = row[2];
  if (block.size > kLargestInRow) return word(look({middle}, byte_at(middle, distance)), middle);
  return word(look(row, byte_at(middle, distance)), middle);
}

void check_run(const Run& run, Layout layout) {
  Written written;
  std::size_t accesses = 0;
  std::size_t compared = 0;
  std::size_t compared_large = 0;
  for (const Block& block : run.blocks) REQUIRE(block.address % kPage == offset_in_pages(block.size, layout) % kPage);
  for (const Step& step : run.steps) {
    const std::uint64_t address = step.action == "FREE" ? step.block.address : byte_at(step.block, step.distance);
    const std::vector<Block> near = around(run.blocks, address);
    INFO(step.action << " at " << step.distance << " of " << step.block.size << " bytes\n" << step.said);
    if (step.action == "FREE") {
      const auto found = written.find(step.block.address);
      check_release(step, found == written.end() ? near : around(run.blocks, found->second), written);
      continue;
    }
    const Sight sight = look(near, address);
    check_access(step, sight, written);
    ++accesses;
    if (!lies_as_in_table(run.blocks, step.block)) continue;
    ++compared;
    if (step.block.size > kLargestInRow) ++compared_large;
    CHECK(word(sight, step.block) == expected_word(step.block, step.distance, layout));
  }
  CHECK(accesses == std::size(kSizes) * std::size(kDistances) * 2);
  CHECK(compared >= accesses * 3 / 4);  // not where two megabytes are full
  CHECK(compared_large == std::size(kDistances) * 2);
}

void check_engine(const std::string& engine) {
  for (const Setting& setting : all_settings_and_batches()) {
    if (setting.engine.substr(0, setting.engine.find(':')) != engine) continue;
    for (const Layout layout : kLayouts) {
      INFO(describe(setting) << ", " << options(layout));
      const std::string how = std::string("on_error=continue:max_reports=0:") + options(layout);
      const support::Outcome outcome = run("several_distances", setting, how);
      CHECK(outcome.ending() == "exit 86");
      check_run(parse(outcome.err), layout);
    }
  }
}

TEST_CASE("distances, engine of the system's choice", "[distances_auto]") { check_engine("auto"); }
TEST_CASE("distances, page_move", "[distances_page_move]") { check_engine("page_move"); }
TEST_CASE("distances, guard_region", "[distances_guard_region]") { check_engine("guard_region"); }
TEST_CASE("distances, mprotect", "[distances_mprotect]") { check_engine("mprotect"); }

/// The table in the README, for one layout.
std::string table(Layout layout) {
  std::ostringstream text;
  text << "| `" << options(layout) << "` |";
  for (const long distance : kDistances) text << " " << distance << " |";
  text << "\n|--:|";
  for (std::size_t i = 0; i < std::size(kDistances); ++i) text << "---|";
  for (const std::uint64_t size : kSizes) {
    text << "\n| " << size << " |";
    for (const long distance : kDistances) text << " " << expected_word({0, size}, distance, layout) << " |";
  }
  return text.str() + "\n";
}

TEST_CASE("the README tells what is seen at which distance", "[programs]") {
  const std::filesystem::path path = std::filesystem::path(FENCEPOST_TESTS_SOURCE) / "programs" / "README.md";
  const std::string readme = support::read_file(path);
  for (const Layout layout : kLayouts) {
    INFO(table(layout));
    CHECK(readme.find(table(layout)) != std::string::npos);
  }
}

TEST_CASE("known distances", "[programs]") {
  const auto at = [](std::uint64_t size, long distance, Layout layout) {
    return expected_word({0, size}, distance, layout);
  };
  CHECK(at(16, 0, Layout::natural) == "at once");
  CHECK(at(13, 0, Layout::natural) == "slack");
  CHECK(at(13, 3, Layout::natural) == "at once");
  CHECK(at(13, 0, Layout::exact) == "at once");
  CHECK(at(16, -1, Layout::natural) == "slack");
  CHECK(at(16, -1, Layout::begin) == "at once");
  CHECK(at(16, 0, Layout::begin) == "slack");
  CHECK(at(4096, -1, Layout::natural) == "at once");
  CHECK(at(16, 4096, Layout::natural) == "slack n");
  CHECK(at(16, 8191, Layout::natural) == "–");
  CHECK(at(1000001, 8191, Layout::natural) == "at once");
}

}  // namespace
}  // namespace fencepost::endtoend
