// userfaultfd(2): pages that fault until they are put in place, and that can be moved.
#pragma once

#include <atomic>

#include "base/range.h"
#include "base/types.h"
#include "os/file.h"

namespace fencepost::os {

/// How a request to the kernel went.
enum class Moved : std::uint8_t {
  done,
  refused,  ///< not this page or not now (shared with a child, locked, no memory)
  lost,     ///< the descriptor is no longer ours
};

/// One userfaultfd over one range, in MISSING mode with UFFD_FEATURE_SIGBUS: every access to a page that is
/// not there raises SIGBUS in the thread that made it, and in system calls gives EFAULT. Pages are put there
/// by copy() and taken away by move() or by discarding them. (Linux 6.8 for move; works unprivileged by
/// UFFD_USER_MODE_ONLY. Documentation/admin-guide/mm/userfaultfd.rst.)
///
/// Context: malloc, any thread; open and reopen one thread at a time.
class Userfault {
 public:
  constexpr Userfault() = default;

  /// Opens a descriptor and registers `range`, which is one's own anonymous memory of any protection.
  /// False if the kernel or a sandbox refuses, or knows no moves.
  [[nodiscard]] bool open(Range range);
  /// The same again for the same range, after the registration was lost: the program closed the descriptor
  /// (its number may be another file's by now, and is not touched), or this is a forked child.
  [[nodiscard]] bool reopen();
  /// Lets go of the descriptor, unless the program has closed it and its number is another file's by now: missing pages
  /// are zeros again. In a forked child it stands for the parent's memory, which notices nothing.
  void close();
  /// Takes another number, so that the program can have this one.
  void leave_number();

  /// Registers other anonymous memory too, or a part of the range again whose mapping was replaced. Reopening
  /// forgets all but the range.
  [[nodiscard]] Moved watch(Range pages);
  void unwatch(Range pages);

  /// Puts copies of the pages at `from` to `to`, whose pages are missing. If it is not done, some may be there.
  [[nodiscard]] Moved copy(Range to, Address from);
  /// Moves pages to `to`, whose pages are missing, from as many at `from`, both in the range; those at `from` are
  /// missing afterwards, for every thread, before this returns. If it is not done, some may have moved.
  [[nodiscard]] Moved move(Range to, Address from);

  /// The descriptor, or -1.
  [[nodiscard]] int descriptor() const { return descriptor_.load(std::memory_order_acquire); }
  /// Another with every descriptor, even of the same number: whether one that was lost has been replaced since.
  [[nodiscard]] std::uint32_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  Range range_;
  std::atomic<int> descriptor_{-1};
  std::atomic<std::uint32_t> generation_{0};
  FileIdentity identity_;
};

}  // namespace fencepost::os
