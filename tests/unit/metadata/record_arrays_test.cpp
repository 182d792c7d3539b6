#include "metadata/record_arrays.h"

#include <catch2/catch.hpp>
#include <memory>
#include <span>

using namespace fencepost;
using metadata::RecordArrays;
using record::BlockRecord;
using record::BlockState;

namespace {

struct Arrays {
  explicit Arrays(Size bytes = Size{1} << 20) : ready(storage->reserve(bytes)) {}

  std::unique_ptr<metadata::PageArena> storage = std::make_unique<metadata::PageArena>();
  RecordArrays arrays{*storage};
  bool ready;
};

bool is_zero(const BlockRecord& block) {
  return block.address == 0 && block.size == 0 && block.free_trace == 0 && block.state == BlockState::unused;
}

}  // namespace

TEST_CASE("an array has room for what was asked for, and no bytes of another", "[metadata]") {
  Arrays made;
  REQUIRE(made.ready);
  for (Size count = 1; count <= RecordArrays::kMostFew + 1; ++count) {
    const Size capacity = RecordArrays::capacity(count);
    CHECK(capacity >= count);
    BlockRecord* const array = made.arrays.take(count);
    REQUIRE(array != nullptr);
    for (BlockRecord& block : std::span(array, capacity)) {
      REQUIRE(is_zero(block));
      block = {.address = count, .size = count, .free_trace = 1, .state = BlockState::moving};
    }
  }
  CHECK(RecordArrays::capacity(RecordArrays::kMostFew) == RecordArrays::kMostFew);
  CHECK(RecordArrays::capacity(RecordArrays::kMostFew + 1) == metadata::records_of(metadata::Layout::uniform));
}

TEST_CASE("an array that was given back serves again, zeroed, for as many records", "[metadata]") {
  Arrays made;
  for (const Size count : {Size{1}, Size{7}, RecordArrays::kMostFew, metadata::records_of(metadata::Layout::uniform)}) {
    BlockRecord* const array = made.arrays.take(count);
    for (BlockRecord& block : std::span(array, count)) block = {.address = 1, .state = BlockState::live};
    made.arrays.give_back(array, count);
    const Size other = count == 1 ? RecordArrays::kMostFew : 1;
    CHECK(made.arrays.take(other) != array);
    BlockRecord* const again = made.arrays.take(RecordArrays::capacity(count));
    CHECK(again == array);
    for (const BlockRecord& block : std::span(again, count)) CHECK(is_zero(block));
  }
}

TEST_CASE("without memory there is no array, until one is given back", "[metadata]") {
  Arrays made(kPageSize);
  BlockRecord* last = nullptr;
  for (BlockRecord* array = made.arrays.take(8); array != nullptr; array = made.arrays.take(8)) last = array;
  REQUIRE(last != nullptr);
  made.arrays.give_back(last, 8);
  CHECK(made.arrays.take(8) == last);
}
