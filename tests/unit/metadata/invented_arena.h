// A chunk table over addresses that nothing is mapped at.
#pragma once

#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "metadata/chunk_table.h"

namespace fencepost::test {

inline constexpr Range kInventedArena{Address{1} << 44, (Address{1} << 44) + (Size{1} << 40)};

/// The address `offset` bytes into chunk `index`.
[[nodiscard]] constexpr Address in_chunk(Size index, Size offset = 0) {
  return kInventedArena.begin + index * metadata::kChunkSize + offset;
}

class InventedArena {
 public:
  InventedArena() : covered_(table_->cover(kInventedArena)) {}

  [[nodiscard]] bool is_covered() const { return covered_; }
  [[nodiscard]] metadata::ChunkTable& table() { return *table_; }

  /// Enters a chunk of many slots.
  metadata::Chunk& add_shared(Size index) {
    Parts& parts = keep(std::make_unique<Parts>(metadata::kPagesPerChunk));
    return enter({in_chunk(index), in_chunk(index + 1)}, metadata::Layout::mixed, parts);
  }

  /// Enters a run of `count` chunks with one slot that begins at `block`.
  metadata::Chunk& add_run(Size index, Size count, const record::BlockRecord& block) {
    Parts& parts = keep(std::make_unique<Parts>(1));
    metadata::Chunk& run = enter({in_chunk(index), in_chunk(index + count)}, metadata::Layout::single, parts);
    run.publish(block);
    return run;
  }

 private:
  struct Parts {
    explicit Parts(Size count) : records(count), pages(count) {}
    std::vector<record::BlockRecord> records;
    std::vector<std::atomic<std::uint16_t>> pages;
  };

  Parts& keep(std::unique_ptr<Parts> parts) { return *parts_.emplace_back(std::move(parts)); }

  metadata::Chunk& enter(Range range, metadata::Layout layout, Parts& parts) {
    auto* const map = layout == metadata::Layout::mixed ? parts.pages.data() : nullptr;
    chunks_.push_back(std::make_unique<metadata::Chunk>(range, layout, std::uint8_t{0}, parts.records.data(), map));
    if (!table_->enter(chunks_.back().get())) throw std::bad_alloc();
    return *chunks_.back();
  }

  std::unique_ptr<metadata::ChunkTable> table_ = std::make_unique<metadata::ChunkTable>();
  bool covered_;
  std::vector<std::unique_ptr<Parts>> parts_;
  std::vector<std::unique_ptr<metadata::Chunk>> chunks_;
};

[[nodiscard]] constexpr record::BlockRecord live_block(Address address, Size size, std::uint32_t pages) {
  return {.address = address, .size = size, .data_pages = pages, .state = record::BlockState::live};
}

}  // namespace fencepost::test
