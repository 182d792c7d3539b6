// The records of one stretch of slots, by address.
#pragma once

#include <atomic>
#include <span>

#include "base/range.h"
#include "base/types.h"
#include "record/block_record.h"

namespace fencepost::metadata {

inline constexpr Size kChunkShift = 21;
/// Address space is handed out in chunks of 2 MiB, what one page table covers.
inline constexpr Size kChunkSize = Size{1} << kChunkShift;
inline constexpr Size kPagesPerChunk = kChunkSize / kPageSize;

/// The slots of one or more chunks of address space, in address order. One thread at a time adds records;
/// any thread, and the signal handler, reads them meanwhile.
class Chunk {
 public:
  /// A chunk of many slots: `records` and `record_of_page` have kPagesPerChunk elements, all zero.
  Chunk(Range range, record::BlockRecord* records, std::atomic<std::uint16_t>* record_of_page)
      : range_(range), records_(records), record_of_page_(record_of_page) {}

  /// A run of chunks for a single slot.
  Chunk(Range range, record::BlockRecord* only) : range_(range), records_(only) {}

  [[nodiscard]] Range range() const { return range_; }

  /// Adds the record of the next slot, which begins at or after the end of the last one, and returns it.
  record::BlockRecord* publish(const record::BlockRecord& block);

  [[nodiscard]] std::span<record::BlockRecord> records() const {
    return {records_, count_.load(std::memory_order_acquire)};
  }

  /// Index of the record of the last slot that begins at or below `address`, or -1.
  [[nodiscard]] int index_below(Address address) const;

 private:
  Range range_;
  record::BlockRecord* records_;
  std::atomic<std::uint16_t>* record_of_page_ = nullptr;  ///< 1 + index; 0: no slot; null: a single slot
  std::atomic<std::uint32_t> count_{0};
};

}  // namespace fencepost::metadata
