#include "metadata/chunk.h"

#include <algorithm>

namespace fencepost::metadata {

using record::BlockRecord;
using record::BlockState;

BlockRecord* Chunk::publish(const BlockRecord& block) {
  const std::uint32_t count = count_.load(std::memory_order_relaxed);
  const Size first_page = (block.data().begin - range_.begin) >> kPageShift;
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

bool Chunk::in_use(int index) const {
  return std::atomic_ref(records_[index].state).load(std::memory_order_acquire) != BlockState::unused;
}

/// The slot that `address` lies in, whether it is in use or not; for mixed chunks the last one in use below.
/// The chunk may serve other address space by now: then it is none.
int Chunk::slot_index(Address address) const {
  if (layout_ == Layout::single) return address >= records_[0].data().begin ? 0 : -1;
  const Size page = (address - range_.begin) >> kPageShift;
  if (page >= kPagesPerChunk) return -1;
  if (layout_ == Layout::uniform) return static_cast<int>(slot_of_page(page));
  // Pages without a slot are few: alignment skipped them, or the chunk is not used up yet.
  for (Size below = page + 1; below-- > 0;) {
    if (const int index = record_of_page_[below].load(std::memory_order_acquire)) return index - 1;
  }
  return -1;
}

int Chunk::index_below(Address address) const {
  const auto count = static_cast<int>(count_.load(std::memory_order_acquire));
  int index = std::min(slot_index(address), count - 1);
  while (index >= 0 && !in_use(index)) --index;
  return index;
}

int Chunk::index_after(int index) const {
  const auto count = static_cast<int>(count_.load(std::memory_order_acquire));
  for (++index; index < count; ++index) {
    if (in_use(index)) return index;
  }
  return -1;
}

}  // namespace fencepost::metadata
