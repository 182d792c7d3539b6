#include "metadata/chunk.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <initializer_list>
#include <vector>

using namespace fencepost;
using metadata::Chunk;
using record::BlockRecord;

namespace {

constexpr Address kBegin = 0x600000;

struct SharedChunk {
  std::vector<BlockRecord> records = std::vector<BlockRecord>(metadata::kPagesPerChunk);
  std::vector<std::atomic<std::uint16_t>> pages = std::vector<std::atomic<std::uint16_t>>(metadata::kPagesPerChunk);
  Chunk chunk{{kBegin, kBegin + metadata::kChunkSize}, metadata::Layout::mixed, 0, records.data(), pages.data()};
};

BlockRecord block_at(Address address, Size size, std::uint32_t pages) {
  return {.address = address, .size = size, .data_pages = pages, .state = record::BlockState::live};
}

}  // namespace

TEST_CASE("an empty chunk has nothing below any address", "[metadata]") {
  const SharedChunk made;
  CHECK(made.chunk.records().empty());
  CHECK(made.chunk.index_below(kBegin) == -1);
  CHECK(made.chunk.index_below(kBegin + metadata::kChunkSize - 1) == -1);
}

TEST_CASE("an address belongs to the last slot that begins at or below it", "[metadata]") {
  SharedChunk made;
  made.chunk.publish(block_at(kBegin + 0xfd8, 40, 1));
  made.chunk.publish(block_at(kBegin + 0x2ff0, 0x2010, 3));
  made.chunk.publish(block_at(kBegin + 0x8000, 0, 0));
  struct Case {
    Address offset;
    int index;
  };
  const Case cases[] = {
      {0, 0},      {0xfd7, 0},  {0xfff, 0},  {0x1000, 0}, {0x1fff, 0}, {0x2000, 1}, {0x2ff0, 1},
      {0x5fff, 1}, {0x6000, 1}, {0x7fff, 1}, {0x8000, 2}, {0x8fff, 2}, {0x9000, 2}, {metadata::kChunkSize - 1, 2}};
  for (const Case& one : cases) {
    CAPTURE(one.offset);
    CHECK(made.chunk.index_below(kBegin + one.offset) == one.index);
  }
}

TEST_CASE("pages that alignment skipped at the front have nothing below them", "[metadata]") {
  SharedChunk made;
  made.chunk.publish(block_at(kBegin + 0x4000, 1, 1));
  CHECK(made.chunk.index_below(kBegin + 0x3fff) == -1);
  CHECK(made.chunk.index_below(kBegin + 0x4000) == 0);
}

TEST_CASE("records are kept in the order of their addresses", "[metadata]") {
  SharedChunk made;
  for (Address offset = 0; offset < metadata::kChunkSize; offset += 2 * kPageSize) {
    const BlockRecord* const published = made.chunk.publish(block_at(kBegin + offset, 16, 1));
    CHECK(published->address == kBegin + offset);
  }
  REQUIRE(made.chunk.records().size() == metadata::kPagesPerChunk / 2);
  for (Size i = 0; i < made.chunk.records().size(); ++i) {
    const Address address = kBegin + i * 2 * kPageSize;
    REQUIRE(made.chunk.records()[i].address == address);
    REQUIRE(made.chunk.index_below(address) == static_cast<int>(i));
  }
}

TEST_CASE("a chunk can be full of blocks of zero bytes", "[metadata]") {
  SharedChunk made;
  for (Size page = 0; page < metadata::kPagesPerChunk; ++page) {
    made.chunk.publish(block_at(kBegin + page * kPageSize, 0, 0));
  }
  CHECK(made.chunk.index_below(kBegin + metadata::kChunkSize - 1) == 511);
}

TEST_CASE("a run of chunks has one slot, wherever it begins", "[metadata]") {
  BlockRecord only{};
  Chunk run({kBegin, kBegin + 4 * metadata::kChunkSize}, metadata::Layout::single, 0, &only, nullptr);
  CHECK(run.index_below(kBegin) == -1);
  run.publish(block_at(kBegin + metadata::kChunkSize, metadata::kChunkSize, metadata::kPagesPerChunk));
  CHECK(run.index_below(kBegin) == -1);
  CHECK(run.index_below(kBegin + metadata::kChunkSize - 1) == -1);
  CHECK(run.index_below(kBegin + metadata::kChunkSize) == 0);
  CHECK(run.index_below(kBegin + 4 * metadata::kChunkSize - 1) == 0);
}

TEST_CASE("a uniform chunk knows the record by the address, whatever the order", "[metadata]") {
  std::vector<BlockRecord> records(metadata::records_of(metadata::Layout::uniform));
  Chunk chunk({kBegin, kBegin + metadata::kChunkSize}, metadata::Layout::uniform, 2, records.data(), nullptr);
  CHECK(chunk.lane() == 2);
  CHECK(chunk.index_below(kBegin) == -1);
  const auto slot = [](Size index) { return kBegin + index * 2 * kPageSize; };
  CHECK(chunk.publish(block_at(slot(5) + 0xff0, 16, 1)) == &records[5]);
  CHECK(chunk.records().size() == 6);
  CHECK(chunk.index_below(slot(5) - 1) == -1);
  CHECK(chunk.index_below(slot(5)) == 5);
  CHECK(chunk.index_below(slot(6) - 1) == 5);
  CHECK(chunk.index_below(kBegin + metadata::kChunkSize - 1) == 5);
  CHECK(chunk.publish(block_at(slot(2), 16, 1)) == &records[2]);
  CHECK(chunk.records().size() == 6);
  CHECK(chunk.index_below(slot(5) - 1) == 2);
  CHECK(chunk.index_after(-1) == 2);
  CHECK(chunk.index_after(2) == 5);
  CHECK(chunk.index_after(5) == -1);
}

TEST_CASE("a uniform chunk has slots of any equal size", "[metadata]") {
  for (const Size pages : {Size{2}, Size{3}, Size{4}, Size{5}, Size{7}, Size{17}, Size{64}}) {
    CAPTURE(pages);
    std::vector<BlockRecord> records(metadata::records_of(metadata::Layout::uniform));
    Chunk chunk({kBegin, kBegin + metadata::kChunkSize}, metadata::Layout::uniform, 0, records.data(), nullptr);
    chunk.set_slot_pages(pages);
    const Size slots = metadata::kPagesPerChunk / pages;
    for (Size slot = 0; slot < slots; ++slot) {
      const Address begin = kBegin + slot * pages * kPageSize;
      CHECK(chunk.publish(block_at(begin, 16, static_cast<std::uint32_t>(pages - 1))) == &records[slot]);
    }
    for (Size page = 0; page < slots * pages; ++page) {
      if (chunk.index_below(kBegin + page * kPageSize) != static_cast<int>(page / pages)) FAIL(page);
    }
  }
}

TEST_CASE("a uniform chunk has a slot up to its end", "[metadata]") {
  std::vector<BlockRecord> records(metadata::records_of(metadata::Layout::uniform));
  Chunk chunk({kBegin, kBegin + metadata::kChunkSize}, metadata::Layout::uniform, 0, records.data(), nullptr);
  chunk.publish(block_at(kBegin + metadata::kChunkSize - 2 * kPageSize, 16, 1));
  CHECK(chunk.index_below(kBegin + metadata::kChunkSize - 1) == static_cast<int>(records.size()) - 1);
}

TEST_CASE("a mixed chunk passes over records out of use", "[metadata]") {
  SharedChunk made;
  made.chunk.publish(block_at(kBegin, 16, 1));
  made.chunk.publish(block_at(kBegin + 0x2000, 16, 1))->state = record::BlockState::unused;
  made.chunk.publish(block_at(kBegin + 0x4000, 16, 1));
  CHECK(made.chunk.index_below(kBegin + 0x3fff) == 0);
  CHECK(made.chunk.index_after(0) == 2);
  CHECK(made.chunk.index_after(2) == -1);
}

TEST_CASE("the last user of a chunk is told so, once", "[metadata]") {
  SharedChunk made;
  made.chunk.add_user();
  made.chunk.add_user();
  CHECK_FALSE(made.chunk.drop_user());
  CHECK_FALSE(made.chunk.drop_user());
  CHECK(made.chunk.drop_user());
}

namespace {

/// A uniform chunk of one-page blocks, that its owner takes no more slots from.
struct UsedUpChunk {
  static constexpr Size kSlots = metadata::kPagesPerChunk / 2;

  UsedUpChunk() {
    for (Size slot = 0; slot < kSlots; ++slot) {
      chunk.add_user();
      chunk.publish(block_at(address(slot), 16, 1));
    }
    static_cast<void>(chunk.drop_user());
  }

  static constexpr Address address(Size slot) { return kBegin + slot * 2 * kPageSize + 0xff0; }
  void end(Size slot) {
    chunk.find_block(address(slot))->state = record::BlockState::freed;
    static_cast<void>(chunk.drop_user());
  }
  void end_all_but(std::initializer_list<Size> alive) {
    for (Size slot = 0; slot < kSlots; ++slot) {
      if (std::find(alive.begin(), alive.end(), slot) == alive.end()) end(slot);
    }
  }

  std::vector<BlockRecord> records = std::vector<BlockRecord>(metadata::records_of(metadata::Layout::uniform));
  std::vector<BlockRecord> few = std::vector<BlockRecord>(4);
  Chunk chunk{{kBegin, kBegin + metadata::kChunkSize}, metadata::Layout::uniform, 0, records.data(), nullptr};
};

}  // namespace

TEST_CASE("a condensed chunk has the records of what is alive", "[metadata]") {
  UsedUpChunk made;
  made.end_all_but({3, 4, 200});
  const BlockRecord* const before = made.chunk.find_block(UsedUpChunk::address(3));
  CHECK(made.chunk.holds(*before));
  REQUIRE(made.chunk.condense(made.few.data(), 4));
  CHECK(made.chunk.is_condensed());
  CHECK_FALSE(made.chunk.holds(*before));
  REQUIRE(made.chunk.records().size() == 3);
  for (const Size slot : {Size{3}, Size{4}, Size{200}}) {
    const BlockRecord* const found = made.chunk.find_block(UsedUpChunk::address(slot));
    REQUIRE(found != nullptr);
    CHECK(found->state == record::BlockState::live);
    CHECK(made.chunk.holds(*found));
  }
  CHECK(made.chunk.find_block(UsedUpChunk::address(5)) == nullptr);
  CHECK(made.chunk.users() == 3);
}

TEST_CASE("the old records of a condensed chunk are nobody's to claim", "[metadata]") {
  UsedUpChunk made;
  made.end_all_but({3});
  REQUIRE(made.chunk.condense(made.few.data(), 4));
  for (const BlockRecord& block : made.records) CHECK(block.state != record::BlockState::live);
}

TEST_CASE("a chunk is not condensed if more is alive than there is room for, or nothing, or if it has other users",
          "[metadata]") {
  UsedUpChunk made;
  made.end_all_but({0, 9, 10, 11, 255});
  const auto is_refused = [&](Size alive) {
    const bool refused = !made.chunk.condense(made.few.data(), 4) && !made.chunk.is_condensed();
    Size live = 0;
    for (const BlockRecord& block : made.records) live += block.state == record::BlockState::live ? 1 : 0;
    return refused && live == alive && made.chunk.records().size() == UsedUpChunk::kSlots;
  };
  CHECK(is_refused(5));
  made.end(9);
  made.chunk.add_user();
  CHECK(is_refused(4));
  made.chunk.find_block(UsedUpChunk::address(10))->state = record::BlockState::freeing;
  CHECK(is_refused(3));
  made.chunk.find_block(UsedUpChunk::address(10))->state = record::BlockState::live;
  static_cast<void>(made.chunk.drop_user());
  for (const Size slot : {Size{0}, Size{10}, Size{11}, Size{255}}) made.end(slot);
  CHECK(is_refused(0));
}

TEST_CASE("neighbours in a condensed chunk are those that are left", "[metadata]") {
  UsedUpChunk made;
  made.end_all_but({3, 200});
  REQUIRE(made.chunk.condense(made.few.data(), 4));
  BlockRecord copy;
  CHECK_FALSE(made.chunk.copy_below(UsedUpChunk::address(2), copy));
  CHECK(made.chunk.copy_above(UsedUpChunk::address(2), copy));
  CHECK(copy.address == UsedUpChunk::address(3));
  CHECK(made.chunk.copy_below(UsedUpChunk::address(199), copy));
  CHECK(copy.address == UsedUpChunk::address(3));
  CHECK(made.chunk.copy_below(UsedUpChunk::address(255), copy));
  CHECK(copy.address == UsedUpChunk::address(200));
  CHECK_FALSE(made.chunk.copy_above(UsedUpChunk::address(200), copy));
}

TEST_CASE("a block whose record is moving lives", "[metadata]") {
  UsedUpChunk made;
  made.records[7].state = record::BlockState::moving;
  BlockRecord copy;
  CHECK(made.chunk.copy_below(UsedUpChunk::address(7), copy));
  CHECK(copy.state == record::BlockState::live);
  CHECK_FALSE(made.chunk.holds(made.records[7]));
}

TEST_CASE("slots whose blocks were dead when a chunk was condensed have expired", "[metadata]") {
  UsedUpChunk made;
  const auto slot = [](Size index) { return kBegin + index * 2 * kPageSize; };
  CHECK_FALSE(made.chunk.has_expired(slot(1)));
  made.end_all_but({3, 200});
  CHECK_FALSE(made.chunk.has_expired(slot(1)));
  REQUIRE(made.chunk.condense(made.few.data(), 4));
  for (const Address gone :
       {slot(0), slot(1) - 1, slot(2) + kPageSize - 1, slot(4), slot(5) - 1, slot(199), slot(256) - 1}) {
    CAPTURE((gone - kBegin) / kPageSize);
    CHECK(made.chunk.has_expired(gone));
  }
  // The fences of a living block are the page before it, too.
  for (const Address kept : {slot(3) - kPageSize, slot(3) - 1, slot(3), slot(4) - 1, slot(200) - 1, slot(200)}) {
    CAPTURE((kept - kBegin) / kPageSize);
    CHECK_FALSE(made.chunk.has_expired(kept));
  }
  // What dies later has its record.
  made.end(3);
  CHECK_FALSE(made.chunk.has_expired(slot(3)));
}

TEST_CASE("pages behind the last slot were nobody's", "[metadata]") {
  std::vector<BlockRecord> records(metadata::records_of(metadata::Layout::uniform));
  std::vector<BlockRecord> few(4);
  Chunk chunk({kBegin, kBegin + metadata::kChunkSize}, metadata::Layout::uniform, 0, records.data(), nullptr);
  chunk.set_slot_pages(3);
  const Size slots = metadata::kPagesPerChunk / 3;
  for (Size slot = 0; slot < slots; ++slot) {
    chunk.publish(block_at(kBegin + slot * 3 * kPageSize, 16, 2))->state =
        slot == 5 ? record::BlockState::live : record::BlockState::freed;
  }
  REQUIRE(chunk.condense(few.data(), 4));
  CHECK(chunk.has_expired(kBegin + slots * 3 * kPageSize - 1));
  CHECK_FALSE(chunk.has_expired(kBegin + slots * 3 * kPageSize));
}
