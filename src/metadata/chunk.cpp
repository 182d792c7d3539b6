#include "metadata/chunk.h"

namespace fencepost::metadata {

record::BlockRecord* Chunk::publish(const record::BlockRecord& block) {
  const std::uint32_t index = count_.load(std::memory_order_relaxed);
  records_[index] = block;
  if (record_of_page_ != nullptr) {
    const Range slot = block.slot();
    for (Address page = slot.begin; page < slot.end; page += kPageSize) {
      const Size number = (page - range_.begin) >> kPageShift;
      record_of_page_[number].store(static_cast<std::uint16_t>(index + 1), std::memory_order_release);
    }
  }
  count_.store(index + 1, std::memory_order_release);
  return &records_[index];
}

int Chunk::index_below(Address address) const {
  const auto count = static_cast<int>(count_.load(std::memory_order_acquire));
  if (record_of_page_ == nullptr) return count > 0 && address >= records_[0].slot().begin ? 0 : -1;
  // Pages without a slot are few: alignment skipped them, or the chunk is not used up yet.
  for (Size page = ((address - range_.begin) >> kPageShift) + 1; page-- > 0;) {
    const int index = record_of_page_[page].load(std::memory_order_acquire) - 1;
    if (index >= 0) return index < count ? index : count - 1;
  }
  return -1;
}

}  // namespace fencepost::metadata
