#include "metadata/thread_table.h"

namespace fencepost::metadata {

ThreadId ThreadTable::add(int kernel_id) {
  ThreadId id = size_.load(std::memory_order_relaxed);
  do {
    const Address end = storage_.range().begin + (Size{id} + 1) * sizeof(ThreadInfo);
    if (storage_.range().empty() || !storage_.open_up_to(end)) return id == 0 ? 0 : id - 1;
  } while (!size_.compare_exchange_weak(id, id + 1, std::memory_order_acq_rel));
  find(id)->kernel_id.store(kernel_id, std::memory_order_release);
  return id;
}

ThreadInfo* ThreadTable::find(ThreadId id) const {
  if (id >= size()) return nullptr;
  return reinterpret_cast<ThreadInfo*>(storage_.range().begin) + id;
}

}  // namespace fencepost::metadata
