// The living blocks that the next allocator serves.
#pragma once

#include "base/types.h"
#include "metadata/page_arena.h"
#include "os/mutex.h"

namespace fencepost::metadata {

/// Address and size of every unguarded block, so that an address that nobody gave out is still recognised.
/// A hash table with linear probing; a full one is replaced by one of twice the size.
/// Context: malloc, any thread.
class UnguardedTable {
 public:
  constexpr explicit UnguardedTable(PageArena& storage) : storage_(storage) {}

  /// False if there is no memory to remember it.
  [[nodiscard]] bool insert(Address address, Size size);

  /// Takes a block out. False if it is not there.
  [[nodiscard]] bool erase(Address address, Size& size);

  /// False if it is not there.
  [[nodiscard]] bool find(Address address, Size& size);

  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }
  void reset_in_child() { mutex_.reset(); }

 private:
  struct Entry {
    Address address;  ///< 0: empty
    Size size;
  };

  [[nodiscard]] Size home(Address address) const;
  [[nodiscard]] Entry* slot_of(Address address);
  [[nodiscard]] bool make_room();
  void close_gap(Size gap);

  PageArena& storage_;
  os::Mutex mutex_;
  Entry* entries_ = nullptr;
  Size capacity_ = 0;  ///< a power of two, or 0
  Size count_ = 0;
};

}  // namespace fencepost::metadata
