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

/// Stacks grow down: of several in one mapping it is the next one above, and above all of them lie the arguments and
/// the environment of the first thread.
bool ThreadTable::find_by_stack(Range stack, Address address, ThreadId& id) const {
  Address best = 0;
  for (ThreadId each = 0; each < size(); ++each) {
    const ThreadInfo& info = *find(each);
    const Address at = info.stack.load(std::memory_order_relaxed);
    if (info.kernel_id.load(std::memory_order_acquire) == 0 || !stack.contains(at)) continue;
    const bool better = at >= address ? best < address || at < best : best < address && at > best;
    if (best != 0 && !better) continue;
    best = at;
    id = each;
  }
  return best != 0;
}

}  // namespace fencepost::metadata
