#include "os/userfault.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "os/direct_call.h"

// Newer than the headers of Debian 12.
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef UFFD_FEATURE_MOVE
#define UFFD_FEATURE_MOVE (1 << 16)
#endif
#ifndef UFFDIO_MOVE
struct uffdio_move {
  std::uint64_t dst;
  std::uint64_t src;
  std::uint64_t len;
  std::uint64_t mode;
  std::int64_t move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFDIO_MOVE_MODE_DONTWAKE (std::uint64_t{1} << 0)
#endif

namespace fencepost::os {

namespace {

long control(int descriptor, unsigned long request, void* argument) {
  return direct_call(SYS_ioctl, static_cast<std::uintptr_t>(descriptor), request,
                     reinterpret_cast<std::uintptr_t>(argument));
}

/// EINVAL stands for a page that is locked or protected, and says nothing about the descriptor.
Moved outcome(long result) {
  if (result == 0) return Moved::done;
  return result == -EBADF || result == -ENOTTY ? Moved::lost : Moved::refused;
}

int open_descriptor() {
  const auto low = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
  if (low < 0) return -1;
  const int high = duplicate_high(low);
  if (high < 0) return low;
  close_descriptor(low);
  return high;
}

/// A descriptor that knows what is missing in `range`, or -1.
int open_registered(Range range) {
  const int descriptor = open_descriptor();
  if (descriptor < 0) return -1;
  uffdio_api api{UFFD_API, UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MOVE, 0};
  uffdio_register request{{range.begin, range.size()}, UFFDIO_REGISTER_MODE_MISSING, 0};
  if (control(descriptor, UFFDIO_API, &api) == 0 && control(descriptor, UFFDIO_REGISTER, &request) == 0) {
    return descriptor;
  }
  close_descriptor(descriptor);
  return -1;
}

}  // namespace

bool Userfault::open(Range range) {
  range_ = range;
  return reopen();
}

bool Userfault::reopen() {
  const int fresh = open_registered(range_);
  descriptor_.store(fresh, std::memory_order_release);
  generation_.fetch_add(1, std::memory_order_acq_rel);
  return fresh >= 0 && identify(fresh, identity_);
}

void Userfault::close() {
  FileIdentity now;
  const int last = descriptor_.exchange(-1, std::memory_order_acq_rel);
  if (last >= 0 && identify(last, now) && now == identity_) close_descriptor(last);
}

void Userfault::leave_number() {
  int number = descriptor();
  const int other = duplicate_high(number);
  if (other < 0) return;
  if (descriptor_.compare_exchange_strong(number, other, std::memory_order_acq_rel)) {
    generation_.fetch_add(1, std::memory_order_acq_rel);
  } else {
    close_descriptor(other);  // another thread was first
  }
}

Moved Userfault::watch(Range pages) {
  uffdio_register request{{pages.begin, pages.size()}, UFFDIO_REGISTER_MODE_MISSING, 0};
  return outcome(control(descriptor(), UFFDIO_REGISTER, &request));
}

void Userfault::unwatch(Range pages) {
  uffdio_range range{pages.begin, pages.size()};
  static_cast<void>(control(descriptor(), UFFDIO_UNREGISTER, &range));
}

Moved Userfault::copy(Range to, Address from) {
  uffdio_copy request{to.begin, from, to.size(), UFFDIO_COPY_MODE_DONTWAKE, 0};
  return outcome(control(descriptor(), UFFDIO_COPY, &request));
}

Moved Userfault::move(Range to, Address from) {
  uffdio_move request{to.begin, from, to.size(), UFFDIO_MOVE_MODE_DONTWAKE, 0};
  return outcome(control(descriptor(), UFFDIO_MOVE, &request));
}

}  // namespace fencepost::os
