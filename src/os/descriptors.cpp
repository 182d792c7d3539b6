#include "os/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

// libc's second name for close.
extern "C" [[gnu::weak]] int __close(int);

namespace fencepost::os {

int next_close(int descriptor) {
  return __close != nullptr ? __close(descriptor) : static_cast<int>(syscall(SYS_close, descriptor));
}

int kernel_close_range(unsigned first, unsigned last, int flags) {
  return static_cast<int>(syscall(SYS_close_range, first, last, flags));
}

int kernel_dup2(int from, int to) {
  // dup2 of a descriptor onto itself checks that it is open; dup3 refuses that.
  if (from == to) return fcntl(from, F_GETFD) < 0 ? -1 : to;
  return kernel_dup3(from, to, 0);
}

int kernel_dup3(int from, int to, int flags) { return static_cast<int>(syscall(SYS_dup3, from, to, flags)); }

int descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > INT_MAX) return 1024;
  return static_cast<int>(limit.rlim_cur);
}

}  // namespace fencepost::os
