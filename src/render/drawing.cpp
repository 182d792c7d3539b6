#include "render/drawing.h"

#include <algorithm>
#include <cstdint>

#include "base/types.h"
#include "render/escape.h"
#include "render/locations.h"

namespace fencepost::render {

namespace {

using findings::Block;
using findings::Finding;

/// A piece of the slot, and the columns it takes: those of its text, or of the address above it.
struct Cell {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string text;
  std::size_t column = 0;
  std::size_t width = 0;
};

std::string sized(const char* name, std::uint64_t size) { return std::string(name) + ", " + count_of(size, "byte"); }

void add(std::vector<Cell>& cells, std::uint64_t begin, std::uint64_t end, std::string text) {
  if (begin >= end) return;
  Cell cell{begin, end, " " + std::move(text) + " ", 0, 0};
  if (!cells.empty()) cell.column = cells.back().column + cells.back().width + 1;
  cell.width = std::max(cell.text.size(), hex(begin).size());
  cells.push_back(std::move(cell));
}

/// Fences as far as one page; the one below may be as far away as the addresses below it go.
std::vector<Cell> cells_of(const Block& block) {
  const std::uint64_t data_begin = *block.data_begin;
  const std::uint64_t data_end = *block.data_end;
  const bool freed = block.state == "freed";
  const char* const slack = freed ? "was slack" : "slack";
  std::vector<Cell> cells;
  add(cells, data_begin - std::min<std::uint64_t>(data_begin, kPageSize), data_begin, "fence");
  add(cells, data_begin, block.address, sized(slack, block.address - data_begin));
  add(cells, block.address, block.end(), sized(freed ? "freed block" : "block", block.size));
  add(cells, block.end(), data_end, sized(slack, data_end - block.end()));
  add(cells, data_end, data_end + kPageSize, "fence");
  return cells;
}

bool is_sound(const Block& block) {
  return block.data_begin && block.data_end && *block.data_begin <= block.address && block.size <= *block.data_end &&
         block.address <= *block.data_end - block.size && *block.data_end <= UINT64_MAX - kPageSize;
}

std::string addresses(const std::vector<Cell>& cells) {
  std::string line;
  // The first is a fence, whose beginning is of no interest.
  for (std::size_t i = 1; i < cells.size(); ++i) {
    line.resize(std::max(line.size(), cells[i].column), ' ');
    line += hex(cells[i].begin);
  }
  return line;
}

struct Strokes {
  const char* line;
  const char* top;
  const char* bottom;
  const char* bar;
};

constexpr Strokes kAscii{"-", "+", "+", "|"};
constexpr Strokes kUnicode{"─", "┬", "┴", "│"};

std::string border(const std::vector<Cell>& cells, const char* line, const char* corner) {
  std::string text;
  for (const Cell& cell : cells) {
    if (cell.column > 0) text += corner;
    for (std::size_t i = 0; i < cell.width; ++i) text += line;
  }
  return text;
}

std::string names(const std::vector<Cell>& cells, const char* bar) {
  std::string text;
  for (const Cell& cell : cells) {
    if (cell.column > 0) text += bar;
    text += cell.text + std::string(cell.width - cell.text.size(), ' ');
  }
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// The column that an address has in the drawing: exact at the ends of a cell, in proportion between them.
std::size_t column_of(const std::vector<Cell>& cells, std::uint64_t address) {
  if (address < cells.front().begin) return 0;
  for (const Cell& cell : cells) {
    if (address >= cell.end) continue;
    if (address == cell.begin) return cell.column;
    const double part = static_cast<double>(address - cell.begin) / static_cast<double>(cell.end - cell.begin);
    return cell.column + 1 + static_cast<std::size_t>(part * static_cast<double>(cell.width - 1));
  }
  return cells.back().column + cells.back().width - 1;
}

/// "^ 0x7f…: 2 bytes written here"
std::string mark(const std::vector<Cell>& cells, const Finding& finding, std::uint64_t address) {
  std::string text = "^ " + hex(address);
  if (address < cells.front().begin || address >= cells.back().end) text += ", further on";
  if (finding.damage) text += ", " + count_of(finding.damage->count, "changed byte");
  return std::string(column_of(cells, address), ' ') + text;
}

}  // namespace

std::vector<std::string> draw_block(const Finding& finding, const TextStyle& style) {
  if (!finding.block || !is_sound(*finding.block)) return {};
  const std::vector<Cell> cells = cells_of(*finding.block);
  const Strokes& strokes = style.unicode ? kUnicode : kAscii;
  std::vector<std::string> lines{addresses(cells), border(cells, strokes.line, strokes.top), names(cells, strokes.bar),
                                 border(cells, strokes.line, strokes.bottom)};
  for (std::string& line : lines) line = "    " + line;
  const auto address = finding.damage ? std::optional(finding.damage->begin) : finding.address;
  if (address) lines.push_back("    " + style.paint(Paint::mark, mark(cells, finding, *address)));
  return lines;
}

}  // namespace fencepost::render
