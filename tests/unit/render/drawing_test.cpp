#include "render/drawing.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using render::draw_block;

namespace {

findings::Finding around(findings::Block block, std::uint64_t address) {
  findings::Finding finding;
  finding.block = std::move(block);
  finding.address = address;
  return finding;
}

findings::Block block_of_40() { return {0x10fd8, 40, "live", 0x10000, 0x11000}; }

/// What stands above the mark in the line of names.
std::string marked(const findings::Finding& finding) {
  const std::vector<std::string> lines = draw_block(finding, {});
  REQUIRE(lines.size() == 5);
  const std::size_t column = lines[4].find('^');
  const std::string names = lines[2].substr(4);
  const std::size_t end = names.find('|', column - 4);
  const std::size_t begin = column == 4 ? 0 : names.rfind('|', column - 4 - 1) + 1;
  std::string name = names.substr(begin, end - begin);
  name.erase(0, name.find_first_not_of(' '));
  return name.substr(0, name.find_last_not_of(' ') + 1);
}

}  // namespace

TEST_CASE("a block that ends at its fence", "[render]") {
  CHECK(draw_block(around(block_of_40(), 0x11000), {}) ==
        std::vector<std::string>{
            "            0x10000             0x10fd8           0x11000",
            "    -------+-------------------+-----------------+-------",
            "     fence | slack, 4056 bytes | block, 40 bytes | fence",
            "    -------+-------------------+-----------------+-------",
            "                                                  ^ 0x11000",
        });
}

TEST_CASE("the mark stands where the address lies", "[render]") {
  CHECK(marked(around(block_of_40(), 0xffff)) == "fence");
  CHECK(marked(around(block_of_40(), 0x10000)) == "slack, 4056 bytes");
  CHECK(marked(around(block_of_40(), 0x10fd7)) == "slack, 4056 bytes");
  CHECK(marked(around(block_of_40(), 0x10fd8)) == "block, 40 bytes");
  CHECK(marked(around(block_of_40(), 0x10fff)) == "block, 40 bytes");
  CHECK(marked(around(block_of_40(), 0x11fff)) == "fence");
}

TEST_CASE("addresses beyond the drawing are said to be", "[render]") {
  CHECK(draw_block(around(block_of_40(), 0x20000), {})[4].ends_with("^ 0x20000, further on"));
  CHECK(draw_block(around(block_of_40(), 0x100), {})[4] == "    ^ 0x100, further on");
}

TEST_CASE("damage is marked where it begins", "[render]") {
  findings::Finding finding = around({0x10fd8, 37, "live", 0x10000, 0x11000}, 0x10ffd);
  finding.damage = findings::Damage{0x10ffe, 0x11000, 1, 0xfd, {0}};
  CHECK(marked(finding) == "slack, 3 bytes");
  CHECK(draw_block(finding, {})[4].ends_with("^ 0x10ffe, 1 changed byte"));
}

TEST_CASE("a block of whole pages has no slack, one of no bytes is nowhere", "[render]") {
  const auto whole = draw_block(around({0x10000, 0x1000, "live", 0x10000, 0x11000}, 0x11000), {});
  CHECK(whole[2] == "     fence | block, 4096 bytes | fence");
  const auto empty = draw_block(around({0x10000, 0, "live", 0x10000, 0x10000}, 0x10000), {});
  CHECK(empty[2] == "     fence | fence");
}

TEST_CASE("a freed block is drawn as one", "[render]") {
  CHECK(marked(around({0x10fd8, 40, "freed", 0x10000, 0x11000}, 0x10fe0)) == "freed block, 40 bytes");
}

TEST_CASE("what can't be is not drawn", "[render]") {
  CHECK(draw_block(findings::Finding(), {}).empty());
  CHECK(draw_block(around({0x10fd8, 40, "live", {}, {}}, 0x11000), {}).empty());
  CHECK(draw_block(around({0x10fd8, 40, "live", 0x10ff0, 0x11000}, 0x11000), {}).empty());
  CHECK(draw_block(around({0x10fd8, 41, "live", 0x10000, 0x11000}, 0x11000), {}).empty());
  CHECK(draw_block(around({0x10fd8, UINT64_MAX, "live", 0x10000, 0x11000}, 0x11000), {}).empty());
  CHECK(draw_block(around({0x10fd8, 40, "live", 0x10000, UINT64_MAX}, 0x11000), {}).empty());
}
