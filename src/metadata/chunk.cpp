#include "metadata/chunk.h"

#include <algorithm>

namespace fencepost::metadata {

using record::BlockRecord;
using record::BlockState;

BlockRecord* Chunk::publish(const BlockRecord& block) {
  const std::uint32_t count = count_.load(std::memory_order_relaxed);
  const Size first_page = page_of(block.data().begin);
  const Size index = layout_ == Layout::uniform ? slot_of_page(first_page) : count;
  // Its slot may be one of those below `count_`, where others look already.
  BlockRecord incomplete = block;
  incomplete.state = BlockState::unused;
  BlockRecord& record = records_[index];
  record = incomplete;
  std::atomic_ref(record.state).store(block.state, std::memory_order_release);
  if (layout_ == Layout::mixed) {
    for (Size page = first_page; page <= first_page + block.data_pages; ++page) {
      record_of_page_[page].store(static_cast<std::uint16_t>(index + 1), std::memory_order_release);
    }
  }
  count_.store(std::max(count, static_cast<std::uint32_t>(index + 1)), std::memory_order_release);
  return &record;
}

Chunk::Records Chunk::current() const {
  if (BlockRecord* const few = few_.load(std::memory_order_acquire)) return {few, few_count_, true};
  return {records_, count_.load(std::memory_order_acquire), false};
}

/// Whether what was read in `records` was the chunk's all the time.
bool Chunk::is_current(const Records& records) const {
  std::atomic_thread_fence(std::memory_order_acquire);
  return records.are_few || few_.load(std::memory_order_relaxed) == nullptr;
}

/// The slot that `address` lies in, whether it is in use or not; for mixed and condensed chunks the last one in use
/// below. The chunk may serve other address space by now: then it is none.
int Chunk::slot_index(const Records& records, Address address) const {
  if (layout_ == Layout::single) return address >= records.first[0].data().begin ? 0 : -1;
  const Size page = page_of(address);
  if (page >= kPagesPerChunk) return -1;
  if (records.are_few) {
    const auto begins_above = [](Address at, const BlockRecord& block) { return at < block.data().begin; };
    const BlockRecord* const first = records.first;
    return static_cast<int>(std::upper_bound(first, first + records.count, address, begins_above) - first) - 1;
  }
  if (layout_ == Layout::uniform) return static_cast<int>(slot_of_page(page));
  // Pages without a slot are few: alignment skipped them, or the chunk is not used up yet.
  for (Size below = page + 1; below-- > 0;) {
    if (const int index = record_of_page_[below].load(std::memory_order_acquire)) return index - 1;
  }
  return -1;
}

int Chunk::index_below(const Records& records, Address address) const {
  int index = std::min(slot_index(records, address), static_cast<int>(records.count) - 1);
  while (index >= 0 && !in_use(records.first[index])) --index;
  return index;
}

int Chunk::index_after(const Records& records, int index) {
  for (++index; index < static_cast<int>(records.count); ++index) {
    if (in_use(records.first[index])) return index;
  }
  return -1;
}

BlockRecord* Chunk::search(Address address) const {
  for (;;) {
    const Records records = current();
    const int index = index_below(records, address);
    if (index >= 0 && records.first[index].address == address) return &records.first[index];
    if (is_current(records)) return nullptr;
  }
}

bool Chunk::holds(const BlockRecord& block) const {
  std::atomic_thread_fence(std::memory_order_acquire);
  const Records records = current();
  const bool is_here = &block >= records.first && &block < records.first + records.count;
  return is_here && std::atomic_ref(const_cast<BlockState&>(block.state)).load() != BlockState::moving;
}

/// A copy of the record that `find(records)` gives the index of.
template <typename Find>
bool Chunk::copy(Find find, BlockRecord& copy) const {
  for (;;) {
    const Records records = current();
    const int index = find(records);
    if (index >= 0) copy = records.first[index];
    if (!is_current(records)) continue;
    if (index >= 0 && copy.state == BlockState::moving) copy.state = BlockState::live;
    return index >= 0;
  }
}

bool Chunk::copy_below(Address address, BlockRecord& copy) const {
  return this->copy([&](const Records& records) { return index_below(records, address); }, copy);
}

bool Chunk::copy_above(Address address, BlockRecord& copy) const {
  const auto find = [&](const Records& records) {
    int above = index_after(records, address < range_.begin ? -1 : index_below(records, address));
    // Slots may have been added since.
    while (above >= 0 && records.first[above].slot().begin <= address) above = index_after(records, above);
    return above;
  };
  return this->copy(find, copy);
}

/// Copies the records of the blocks alive, which nobody can claim from then on. Returns how many there are, or one more
/// than `capacity`.
Size Chunk::start_moving(BlockRecord* few, Size capacity) {
  Size count = 0;
  for (BlockRecord& block : records()) {
    const std::atomic_ref state(block.state);
    auto expected = state.load(std::memory_order_relaxed);
    if (expected != BlockState::live || !state.compare_exchange_strong(expected, BlockState::moving)) continue;
    if (count == capacity) return capacity + 1;
    few[count] = block;
    few[count++].state = BlockState::live;
  }
  return count;
}

void Chunk::stop_moving() {
  for (BlockRecord& block : records()) {
    const std::atomic_ref state(block.state);
    if (state.load(std::memory_order_relaxed) == BlockState::moving) state.store(BlockState::live);
  }
}

Size Chunk::count_living() const {
  const std::span<BlockRecord> all = records();
  return static_cast<Size>(std::count_if(all.begin(), all.end(), [](BlockRecord& block) {
    return std::atomic_ref(block.state).load(std::memory_order_relaxed) == BlockState::live;
  }));
}

bool Chunk::condense(BlockRecord* few, Size capacity) {
  const Size count = start_moving(few, capacity);
  // Each of them is a user. There may be others: slots that are ready, or blocks that are being fenced.
  if (count == 0 || count > capacity || count != users()) {
    stop_moving();
    return false;
  }
  few_count_ = static_cast<std::uint32_t>(count);
  few_.store(few, std::memory_order_release);
  // Whoever finds the old records changed must find the new ones.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return true;
}

bool Chunk::has_expired(Address address) const {
  const Records records = current();
  if (!records.are_few || address < range_.begin) return false;
  const Size slot = slot_of_page(page_of(address));
  if ((slot + 1) * slot_pages_ > kPagesPerChunk) return false;
  const int below = index_below(records, address);
  if (below >= 0 && slot_of(records.first[below]) == slot) return false;
  const bool in_fence = slot_of_page(page_of(address) + 1) != slot;
  const int above = index_after(records, below);
  return !(in_fence && above >= 0 && slot_of(records.first[above]) == slot + 1);
}

}  // namespace fencepost::metadata
