#include "metadata/unguarded_table.h"

#include "base/hash.h"

namespace fencepost::metadata {

namespace {
constexpr Size kFirstCapacity = 1024;
}

Size UnguardedTable::home(Address address) const { return mix(address) & (capacity_ - 1); }

/// Where `address` is, or the empty entry where it would go.
UnguardedTable::Entry* UnguardedTable::slot_of(Address address) {
  Size index = home(address);
  while (entries_[index].address != 0 && entries_[index].address != address) index = (index + 1) & (capacity_ - 1);
  return &entries_[index];
}

bool UnguardedTable::make_room() {
  if (capacity_ != 0 && count_ < capacity_ / 2) return true;
  const Size capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
  auto* entries = static_cast<Entry*>(storage_.allocate(capacity * sizeof(Entry)));
  if (entries == nullptr) return capacity_ != 0 && count_ + 1 < capacity_;
  Entry* const old = entries_;
  const Size old_capacity = capacity_;
  entries_ = entries;
  capacity_ = capacity;
  for (Size i = 0; i < old_capacity; ++i) {
    if (old[i].address != 0) *slot_of(old[i].address) = old[i];
  }
  return true;
}

/// Moves later entries of the probe sequence up, so that no search stops short.
void UnguardedTable::close_gap(Size gap) {
  const Size mask = capacity_ - 1;
  for (Size next = (gap + 1) & mask; entries_[next].address != 0; next = (next + 1) & mask) {
    const Size distance_to_home = (next - home(entries_[next].address)) & mask;
    if (distance_to_home < ((next - gap) & mask)) continue;
    entries_[gap] = entries_[next];
    gap = next;
  }
  entries_[gap] = {};
}

bool UnguardedTable::insert(Address address, Size size) {
  const os::MutexLock lock(mutex_);
  if (!make_room()) return false;
  Entry* const entry = slot_of(address);
  if (entry->address == 0) ++count_;
  *entry = {address, size};
  return true;
}

bool UnguardedTable::erase(Address address, Size& size) {
  const os::MutexLock lock(mutex_);
  if (capacity_ == 0) return false;
  Entry* const entry = slot_of(address);
  if (entry->address == 0) return false;
  size = entry->size;
  close_gap(static_cast<Size>(entry - entries_));
  --count_;
  return true;
}

bool UnguardedTable::find(Address address, Size& size) {
  const os::MutexLock lock(mutex_);
  if (capacity_ == 0) return false;
  const Entry* const entry = slot_of(address);
  if (entry->address == 0) return false;
  size = entry->size;
  return true;
}

}  // namespace fencepost::metadata
