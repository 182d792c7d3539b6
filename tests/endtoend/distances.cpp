#include "endtoend/distances.h"

#include <algorithm>
#include <bit>

namespace fencepost::endtoend {

namespace {

std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) { return (value + unit - 1) / unit * unit; }

/// "natural is 16, less for blocks below 16 bytes": the largest power of two that such a block has room for.
std::uint64_t alignment(std::uint64_t size, Layout layout) {
  if (layout == Layout::exact || size == 0) return 1;
  return std::min<std::uint64_t>(std::bit_floor(size), 16);
}

support::Place seen_from(const Block& block, std::uint64_t address) {
  if (address < block.address) return {"before", block.address - address, block.size, false};
  if (address < block.end()) return {"inside", address - block.address, block.size, false};
  return {"after", address - block.end(), block.size, false};
}

}  // namespace

const char* options(Layout layout) {
  switch (layout) {
    case Layout::exact: return "align=1";
    case Layout::begin: return "side=begin";
    default: return "side=end";
  }
}

std::uint64_t offset_in_pages(std::uint64_t size, Layout layout) {
  if (layout == Layout::begin) return 0;
  return round_up(size, kPage) - round_up(size, alignment(size, layout));
}

Sight look(const std::vector<Block>& blocks, std::uint64_t address) {
  for (const Block& block : blocks) {
    if (address < block.pages_begin() || address >= block.pages_end()) continue;
    const bool inside = address >= block.address && address < block.end();
    return {inside ? Sight::How::not_at_all : Sight::How::when_released, block, seen_from(block, address)};
  }
  // A fence: the report is about the nearer of the two blocks beside it, and if in doubt the one that it follows.
  const auto is_above = [&](const Block& block) { return block.address > address; };
  const auto above = std::find_if(blocks.begin(), blocks.end(), is_above);
  const bool only_above = above == blocks.begin();
  const bool only_below = above == blocks.end();
  const auto nearer = [&] {
    return only_above || (!only_below && above->address - address < address - std::prev(above)->end());
  };
  const Block block = nearer() ? *above : *std::prev(above);
  return {Sight::How::at_instruction, block, seen_from(block, address)};
}

std::vector<Block> row_of_five(std::uint64_t size, Layout layout) {
  std::vector<Block> blocks;
  std::uint64_t pages = 1 << 30;
  for (int i = 0; i < 5; ++i) {
    blocks.push_back({pages + offset_in_pages(size, layout), size});
    pages = blocks.back().pages_end() + kPage;
  }
  return blocks;
}

std::string word(const Sight& sight, const Block& block) {
  const bool other = sight.block != block;
  switch (sight.how) {
    case Sight::How::at_instruction: return other ? "at once n" : "at once";
    case Sight::How::when_released: return other ? "slack n" : "slack";
    default: return "–";
  }
}

}  // namespace fencepost::endtoend
