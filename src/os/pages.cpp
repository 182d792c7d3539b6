#include "os/pages.h"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/direct_call.h"

// Newer than the headers of Debian 12.
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
#ifndef MADV_COLD
#define MADV_COLD 20
#endif

namespace fencepost::os {

namespace {

constexpr int kReserve = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

/// What stands for the calling process where a pidfd is asked for (Linux 6.14: PIDFD_SELF_THREAD_GROUP). Older
/// kernels call it no descriptor.
constexpr int kThisProcess = -10001;

void* pointer(Address address) { return reinterpret_cast<void*>(address); }

/// 0, or a negated error number.
long advise(Range range, int advice) {
  return direct_call(SYS_madvise, range.begin, range.size(), static_cast<std::uintptr_t>(advice));
}

Range map(Address at, Size bytes, int protection, int flags) {
  void* const p = mmap(pointer(at), bytes, protection, flags, -1, 0);
  if (p == MAP_FAILED) return {};
  const auto begin = reinterpret_cast<Address>(p);
  return {begin, begin + bytes};
}

/// True if the kernel took all of the vector.
bool advise_vector(std::span<const Range> ranges, int advice) {
  iovec vector[kMostRanges];
  Size total = 0;
  for (Size i = 0; i < ranges.size(); ++i) {
    vector[i] = {pointer(ranges[i].begin), ranges[i].size()};
    total += ranges[i].size();
  }
  const auto advise_process = [&](int process) {
    return syscall(SYS_process_madvise, process, vector, ranges.size(), advice, 0);
  };
  long advised = advise_process(kThisProcess);
  if (advised < 0 && errno == EBADF) {
    // Opened for each batch: a descriptor kept open would be one more for the program to close.
    const auto self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
    if (self < 0) return false;
    advised = advise_process(self);
    syscall(SYS_close, self);
  }
  return advised >= 0 && static_cast<Size>(advised) == total;
}

}  // namespace

Size kernel_page_size() { return getauxval(AT_PAGESZ); }

Range reserve(Size bytes) {
  const Range range = map(0, bytes, PROT_NONE, kReserve);
  if (!range.empty()) advise(range, MADV_DONTDUMP);
  return range;
}

void include_in_dumps(Range range) { advise(range, MADV_DODUMP); }

void give_back(Range range) { munmap(pointer(range.begin), range.size()); }

bool open_pages(Range range) {
  return range.empty() || mprotect(pointer(range.begin), range.size(), PROT_READ | PROT_WRITE) == 0;
}

bool open_fresh_pages(Range range) {
  if (open_pages(range)) return true;
  const bool forbidden = errno == EPERM || errno == EACCES || errno == ENOSYS;
  return forbidden && !map(range.begin, range.size(), PROT_READ | PROT_WRITE, kReserve | MAP_FIXED).empty();
}

bool open_for_reading(Range range) {
  return range.empty() || mprotect(pointer(range.begin), range.size(), PROT_READ) == 0;
}

bool close_pages(Range range) { return range.empty() || mprotect(pointer(range.begin), range.size(), PROT_NONE) == 0; }

bool discard_pages(Range range) { return range.empty() || advise(range, MADV_DONTNEED) == 0; }

bool discard_locked_pages(Range range) { return range.empty() || advise(range, MADV_DONTNEED_LOCKED) == 0; }

bool is_locked(Range range) {
  // Advice that nothing depends on, and that locked memory refuses.
  return advise(range, MADV_COLD) == -EINVAL;
}

bool unlock_pages(Range range) { return munlock(pointer(range.begin), range.size()) == 0; }

void forbid_huge_pages(Range range) { advise(range, MADV_NOHUGEPAGE); }

bool install_guards(Range range) { return range.empty() || advise(range, MADV_GUARD_INSTALL) == 0; }

bool remove_guards(Range range) { return range.empty() || advise(range, MADV_GUARD_REMOVE) == 0; }

bool remove_many_guards(std::span<const Range> ranges) {
  if (advise_vector(ranges, MADV_GUARD_REMOVE)) return true;
  std::for_each(ranges.begin(), ranges.end(), install_guards);
  return false;
}

bool populate_many(std::span<const Range> ranges) { return advise_vector(ranges, MADV_POPULATE_WRITE); }

bool discard_many(std::span<const Range> ranges) {
  if (advise_vector(ranges, MADV_DONTNEED)) return true;
  return std::all_of(ranges.begin(), ranges.end(), discard_pages);
}

bool install_many_guards(std::span<const Range> ranges) {
  // Pages that are gone already take their markers without telling anyone.
  if (advise_vector(ranges, MADV_DONTNEED) && advise_vector(ranges, MADV_GUARD_INSTALL)) return true;
  return std::all_of(ranges.begin(), ranges.end(), install_guards);
}

bool reserve_gap(Range range) {
  return !map(range.begin, range.size(), PROT_NONE, kReserve | MAP_FIXED_NOREPLACE).empty();
}

bool replace_by_reservation(Range range) {
  if (range.empty()) return true;
  if (map(range.begin, range.size(), PROT_NONE, kReserve | MAP_FIXED).empty()) return false;
  forbid_huge_pages(range);
  return true;
}

Range map_memory(Size bytes) { return map(0, bytes, PROT_READ | PROT_WRITE, kReserve); }

}  // namespace fencepost::os
