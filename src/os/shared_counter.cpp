#include "os/shared_counter.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/types.h"
#include "os/errno_scope.h"
#include "os/file.h"

namespace fencepost::os {

std::atomic<std::uint64_t>* map_shared_counter(const char* path) {
  const ErrnoScope errno_scope;
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0));
  if (file < 0) return nullptr;
  struct stat status {};
  const bool long_enough = syscall(SYS_fstat, file, &status) == 0 && status.st_size >= 8;
  void* const page = long_enough ? mmap(nullptr, kPageSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  close_descriptor(file);
  return page == MAP_FAILED ? nullptr : static_cast<std::atomic<std::uint64_t>*>(page);
}

}  // namespace fencepost::os
