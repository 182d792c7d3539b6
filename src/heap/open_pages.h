// Fenced pages that are open for the length of an instruction.
#pragma once

#include "base/types.h"
#include "os/mutex.h"

namespace fencepost::heap {

/// Several threads may have the same page open at once: the first opens it, the last one closes it.
/// Context: signal, any thread; no other lock is taken under this one.
class OpenPages {
 public:
  constexpr OpenPages() = default;

  /// `open_it(page)` is called for a page that nobody has open. False if it returned false, or if too many are open.
  template <typename Open>
  [[nodiscard]] bool open(Address page, Open open_it) {
    const os::MutexLock lock(mutex_);
    Entry* entry = find(page);
    if (entry == nullptr) {
      entry = find(0);
      if (entry == nullptr || !open_it(page)) return false;
      entry->page = page;
    }
    ++entry->users;
    return true;
  }

  /// `close_it(page)` is called when nobody has it open any more.
  template <typename Close>
  void close(Address page, Close close_it) {
    const os::MutexLock lock(mutex_);
    Entry* const entry = find(page);
    if (entry == nullptr || --entry->users > 0) return;
    close_it(page);
    entry->page = 0;
  }

  /// In a forked child: the threads that had pages open don't exist here; their pages stay as they are.
  void reset_in_child() {
    mutex_.reset();
    for (Entry& entry : entries_) entry = {};
  }

 private:
  struct Entry {
    Address page = 0;
    Size users = 0;
  };

  [[nodiscard]] Entry* find(Address page) {
    for (Entry& entry : entries_) {
      if (entry.page == page) return &entry;
    }
    return nullptr;
  }

  static constexpr Size kMost = 256;

  os::Mutex mutex_;
  Entry entries_[kMost];
};

}  // namespace fencepost::heap
