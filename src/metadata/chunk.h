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

/// How the slots of a chunk lie in it.
enum class Layout : std::uint8_t {
  uniform,  ///< slots of equal size: the record follows from the address
  mixed,    ///< slots of any size, in address order; a map says which record a page belongs to
  single,   ///< one slot in one or more chunks of its own
};

inline constexpr Size kLayouts = 3;

/// The smallest slot of a uniform chunk: a page of data and its fence.
inline constexpr Size kSmallestUniformSlot = 2;

/// The most records that a chunk may need.
[[nodiscard]] constexpr Size records_of(Layout layout) {
  switch (layout) {
    case Layout::uniform: return kPagesPerChunk / kSmallestUniformSlot;
    case Layout::mixed: return kPagesPerChunk;
    case Layout::single: return 1;
  }
  return 0;
}

/// The slots of one or more chunks of address space. One thread at a time adds records; any thread, and the
/// signal handler, reads them meanwhile. Users are counted: whoever may still put a slot into it, and every
/// slot that was taken and not yet fenced; a thread keeps some more of the chunk that it cuts slots from.
///
/// Threads count users in their own cache line. When few of a uniform chunk's blocks are left alive it can be
/// *condensed*: their records move to a small array, and the large one serves another chunk. So a record may go
/// elsewhere as long as its block is not claimed: whoever finds one that is not what it should be asks `holds`, and
/// looks again if it says no.
class alignas(64) Chunk {
 public:
  using PageEntry = std::atomic<std::uint16_t>;

  /// `records` has records_of(layout) zeroed elements; `record_of_page` kPagesPerChunk, or is null unless mixed.
  Chunk(Range range, Layout layout, std::uint8_t lane, record::BlockRecord* records, PageEntry* record_of_page)
      : range_(range), records_(records), record_of_page_(record_of_page), layout_(layout), lane_(lane) {}

  /// Uniform: how many pages each slot has, with its fence. Before any slot is published.
  void set_slot_pages(Size pages) {
    slot_pages_ = static_cast<std::uint32_t>(pages);
    slots_per_page_ = kOne / slot_pages_ + 1;
  }

  /// Uniform: how many there is room for.
  [[nodiscard]] Size slots() const { return kPagesPerChunk / slot_pages_; }

  [[nodiscard]] Range range() const { return range_; }
  [[nodiscard]] Layout layout() const { return layout_; }
  /// Which of the heap's lanes it belongs to.
  [[nodiscard]] std::uint8_t lane() const { return lane_; }

  /// Adds the record of a slot and returns it. Mixed: slots come in address order.
  record::BlockRecord* publish(const record::BlockRecord& block);

  /// All records up to the last one in use; some of them may be unused.
  [[nodiscard]] std::span<record::BlockRecord> records() const {
    const Records now = current();
    return {now.first, now.count};
  }

  /// The record whose block begins at exactly `address`, which lies in this chunk, or null.
  [[nodiscard]] record::BlockRecord* find_block(Address address) const {
    record::BlockRecord* const likely = guess(address);
    return likely != nullptr && likely->address == address && in_use(*likely) ? likely : search(address);
  }
  /// False if the record has gone elsewhere, or is about to: the block is to be looked for again. True: what was read
  /// in the record before was true of a block of this chunk's.
  [[nodiscard]] bool holds(const record::BlockRecord& block) const;

  /// A copy of the record in use of the last slot that begins at or below `address`. False if there is none.
  [[nodiscard]] bool copy_below(Address address, record::BlockRecord& copy) const;
  /// A copy of the record in use of the first slot that begins above `address`. False if there is none.
  [[nodiscard]] bool copy_above(Address address, record::BlockRecord& copy) const;

  /// Index of the record in use of the last slot that begins at or below `address`, or -1.
  [[nodiscard]] int index_below(Address address) const { return index_below(current(), address); }
  /// Index of the record in use of the first slot above the record `index`, or -1. `index` may be -1.
  [[nodiscard]] int index_after(int index) const { return index_after(current(), index); }

  /// Moves the records of the blocks alive to `few`, which has room for `capacity`. False, and nothing was changed, if
  /// there are more of them, or none, or if the chunk has other users. Uniform, once; one thread at a time.
  [[nodiscard]] bool condense(record::BlockRecord* few, Size capacity);
  /// How many blocks live, as far as others let them.
  [[nodiscard]] Size count_living() const;
  [[nodiscard]] bool is_condensed() const { return few_.load(std::memory_order_acquire) != nullptr; }
  /// True if the slot that `address` lies in was used by a block that was dead when the chunk was condensed. Fences
  /// belong to the block behind them as well.
  [[nodiscard]] bool has_expired(Address address) const;
  /// The array that it was made with.
  [[nodiscard]] record::BlockRecord* first_records() const { return records_; }

  [[nodiscard]] std::uint32_t users() const { return users_.load(std::memory_order_acquire); }
  void add_user() { users_.fetch_add(1, std::memory_order_relaxed); }
  /// None of them may be the last one.
  void drop_users(std::uint32_t count) { users_.fetch_sub(count, std::memory_order_acq_rel); }
  /// True for the last one: nothing in the chunk can be opened any more.
  [[nodiscard]] bool drop_user() { return users_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

  /// Its address space was replaced by a closed mapping without page tables.
  void mark_retired() { retired_.store(true, std::memory_order_release); }
  [[nodiscard]] bool is_retired() const { return retired_.load(std::memory_order_acquire); }

 private:
  /// One state of the chunk's records.
  struct Records {
    record::BlockRecord* first;
    std::uint32_t count;
    bool are_few;
  };

  [[nodiscard]] Records current() const;
  [[nodiscard]] bool is_current(const Records& records) const;
  template <typename Find>
  [[nodiscard]] bool copy(Find find, record::BlockRecord& copy) const;
  [[nodiscard]] int index_below(const Records& records, Address address) const;
  [[nodiscard]] static int index_after(const Records& records, int index);
  [[nodiscard]] static bool in_use(const record::BlockRecord& block) {
    auto& state = const_cast<record::BlockState&>(block.state);
    return std::atomic_ref(state).load(std::memory_order_acquire) != record::BlockState::unused;
  }
  /// Uniform: page / slot pages, without a division; exact for the pages of a chunk.
  [[nodiscard]] Size slot_of_page(Size page) const { return page * slots_per_page_ / kOne; }
  [[nodiscard]] Size page_of(Address address) const { return (address - range_.begin) >> kPageShift; }
  [[nodiscard]] Size slot_of(const record::BlockRecord& block) const {
    return slot_of_page(page_of(block.data().begin));
  }
  /// Uniform and not condensed, as nearly all chunks are: the record of the slot that `address` lies in; else null.
  [[nodiscard]] record::BlockRecord* guess(Address address) const {
    if (layout_ != Layout::uniform || is_condensed()) return nullptr;
    const Size slot = slot_of_page(page_of(address));
    return slot < count_.load(std::memory_order_acquire) ? records_ + slot : nullptr;
  }
  [[nodiscard]] record::BlockRecord* search(Address address) const;
  [[nodiscard]] int slot_index(const Records& records, Address address) const;
  [[nodiscard]] Size start_moving(record::BlockRecord* few, Size capacity);
  void stop_moving();

  static constexpr std::uint32_t kOne = 1 << 16;  ///< of slots_per_page_, a fixed-point number

  Range range_;
  record::BlockRecord* records_;
  std::atomic<record::BlockRecord*> few_{nullptr};  ///< null unless condensed
  std::uint32_t few_count_ = 0;
  PageEntry* record_of_page_;  ///< 1 + index; 0: no slot
  std::atomic<std::uint32_t> count_{0};
  std::atomic<std::uint32_t> users_{1};
  std::atomic<bool> retired_{false};
  std::uint32_t slot_pages_ = kSmallestUniformSlot;
  std::uint32_t slots_per_page_ = kOne / kSmallestUniformSlot + 1;
  Layout layout_;
  std::uint8_t lane_;

 public:
  /// For whoever keeps chunks in a list, which one, and when it came there.
  Chunk* next = nullptr;
  Chunk* previous = nullptr;
  const void* list = nullptr;
  std::uint64_t turn = 0;
};

}  // namespace fencepost::metadata
