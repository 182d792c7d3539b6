// What is seen of an access near a block, by the geometry that the README describes.
//
// Written from the description alone: every block lies in whole pages of its own, at the end or the start of them, and
// they are followed by one inaccessible page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/report_parser.h"

namespace fencepost::endtoend {

inline constexpr std::uint64_t kPage = 4096;

/// The placements that a user can choose, and the options that choose them.
enum class Layout { natural, exact, begin };
inline constexpr Layout kLayouts[] = {Layout::natural, Layout::exact, Layout::begin};
[[nodiscard]] const char* options(Layout layout);

struct Block {
  std::uint64_t address = 0;
  std::uint64_t size = 0;

  [[nodiscard]] std::uint64_t end() const { return address + size; }
  [[nodiscard]] std::uint64_t pages_begin() const { return address / kPage * kPage; }
  [[nodiscard]] std::uint64_t pages_end() const { return pages_begin() + (size + kPage - 1) / kPage * kPage; }
  bool operator==(const Block&) const = default;
};

/// How far into its pages a block begins.
[[nodiscard]] std::uint64_t offset_in_pages(std::uint64_t size, Layout layout);

struct Sight {
  enum class How {
    not_at_all,      ///< the bytes of a live block: whoever accesses them may be right
    when_released,   ///< slack: a write is found when `block` is released, a read is not
    at_instruction,  ///< a fence
  };
  How how = How::not_at_all;
  Block block;           ///< the one that the report is about, or whose bytes they are
  support::Place place;  ///< of the byte, seen from it

  bool operator==(const Sight&) const = default;
};

/// What is seen of an access to the byte at `address`; `blocks` are those that live around it, in order of address.
[[nodiscard]] Sight look(const std::vector<Block>& blocks, std::uint64_t address);

/// The byte that lies `distance` from `block`: after its end, or if negative before its start.
[[nodiscard]] inline std::uint64_t byte_at(const Block& block, long distance) {
  return (distance < 0 ? block.address : block.end()) + static_cast<std::uint64_t>(distance);
}

/// Larger blocks have no neighbour within a few pages.
inline constexpr std::uint64_t kLargestInRow = 512 << 10;

/// Five blocks of a size, each behind the fence of the one before.
[[nodiscard]] std::vector<Block> row_of_five(std::uint64_t size, Layout layout);

/// Whether `sight`, of an access near `block`, is about it or about its neighbour, and how, in the words of the table
/// in programs/README.md.
[[nodiscard]] std::string word(const Sight& sight, const Block& block);

}  // namespace fencepost::endtoend
