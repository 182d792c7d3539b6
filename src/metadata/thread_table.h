// Who the threads were, for reports about the living and the dead.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "metadata/page_arena.h"
#include "os/thread_name.h"

namespace fencepost::metadata {

struct ThreadInfo {
  std::atomic<int> kernel_id{0};  ///< 0 once it has exited
  std::atomic<Address> stack{0};  ///< an address near the upper end of its stack
  TraceId created_at = 0;         ///< where pthread_create was called
  ThreadId creator = 0;
  char name[os::kThreadNameSize] = {};  ///< its last name, kept when it exits
};

/// Numbers threads from 0, the main thread. Context: add: malloc; find: anywhere, signal handlers too.
class ThreadTable {
 public:
  constexpr ThreadTable() = default;

  /// Once, before any other call.
  [[nodiscard]] bool reserve(Size bytes) { return storage_.reserve(bytes); }

  /// Takes the next number for a thread. When the table is full every further thread shares the last number.
  ThreadId add(int kernel_id);

  /// Never null for a number that `add` returned; null otherwise.
  [[nodiscard]] ThreadInfo* find(ThreadId id) const;

  /// The living thread whose stack reaches `address`, both of which lie in `stack`. False if none is known.
  [[nodiscard]] bool find_by_stack(Range stack, Address address, ThreadId& id) const;

  [[nodiscard]] ThreadId size() const { return size_.load(std::memory_order_acquire); }
  [[nodiscard]] PageArena& storage() { return storage_; }

 private:
  PageArena storage_;
  std::atomic<ThreadId> size_{0};
};

}  // namespace fencepost::metadata
