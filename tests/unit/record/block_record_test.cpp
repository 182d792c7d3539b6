#include "record/block_record.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using record::BlockRecord;
using record::BlockState;

TEST_CASE("a block's pages, fence and slot follow from its address", "[record]") {
  const BlockRecord block{.address = 0x6fd8, .size = 40, .data_pages = 1, .state = BlockState::live};
  CHECK(block.bytes() == Range{0x6fd8, 0x7000});
  CHECK(block.data() == Range{0x6000, 0x7000});
  CHECK(block.fence() == Range{0x7000, 0x8000});
  CHECK(block.slot() == Range{0x6000, 0x8000});
}

TEST_CASE("a block of several pages", "[record]") {
  const BlockRecord block{.address = 0x6ff0, .size = 4112, .data_pages = 2, .state = BlockState::live};
  CHECK(block.data() == Range{0x6000, 0x8000});
  CHECK(block.slot() == Range{0x6000, 0x9000});
}

TEST_CASE("a block of zero bytes is its own fence", "[record]") {
  const BlockRecord block{.address = 0x6000, .size = 0, .data_pages = 0, .state = BlockState::live};
  CHECK(block.data().empty());
  CHECK(block.bytes().empty());
  CHECK(block.fence() == Range{0x6000, 0x7000});
}

TEST_CASE("a block is freed from the moment that a thread won the right to free it", "[record]") {
  const auto is_freed = [](BlockState state) { return BlockRecord{.state = state}.is_freed(); };
  CHECK_FALSE(is_freed(BlockState::unused));
  CHECK_FALSE(is_freed(BlockState::live));
  CHECK(is_freed(BlockState::freeing));
  CHECK(is_freed(BlockState::freed));
}
