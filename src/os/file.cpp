#include "os/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "os/errno_scope.h"
#include "os/signals.h"

namespace fencepost::os {

namespace {
/// libc's fstat may be interposed, by us too.
bool get_status(int descriptor, struct stat& status) { return syscall(SYS_fstat, descriptor, &status) == 0; }

/// Above what programs use themselves, below the usual soft limit of 1,024.
constexpr int kHighDescriptor = 1000;

/// Somebody may have made the terminal or pipe that the program shares with others non-blocking.
bool wait_until_writable(int descriptor) {
  pollfd waited{descriptor, POLLOUT, 0};
  const timespec patience{1, 0};
  return syscall(SYS_ppoll, &waited, 1, &patience, nullptr, 0) > 0;
}

bool is_full(int error) { return error == EFBIG || error == ENOSPC || error == EDQUOT; }
}  // namespace

bool write_all(int descriptor, std::string_view text) {
  const ErrnoScope errno_scope;
  NoSignalsOfWriting no_signals;
  while (!text.empty()) {
    const long n = syscall(SYS_write, descriptor, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN && wait_until_writable(descriptor)) continue;
    if (n < 0) {
      const int error = errno;
      if (error == EPIPE || error == EFBIG) no_signals.forget();
      return error != EBADF && !is_full(error);
    }
    text.remove_prefix(static_cast<Size>(n));
  }
  return true;
}

bool identify(int descriptor, FileIdentity& identity) {
  const ErrnoScope errno_scope;
  struct stat status {};
  if (!get_status(descriptor, status)) return false;
  identity = {status.st_dev, status.st_ino};
  return true;
}

int duplicate_high(int descriptor) {
  const ErrnoScope errno_scope;
  return static_cast<int>(syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, kHighDescriptor));
}

File::File(const char* path)
    : descriptor_(static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC))) {}

File::~File() {
  if (is_open()) close_descriptor(descriptor_);
}

Size File::read(char* buffer, Size capacity) {
  const long n = is_open() ? read_some(buffer, capacity) : 0;
  return n < 0 ? 0 : static_cast<Size>(n);
}

bool File::read_all(char* buffer, Size capacity, Size& size) {
  long n = is_open() ? 1 : -1;
  for (size = 0; n > 0 && size < capacity;) {
    n = read_some(buffer + size, capacity - size);
    if (n > 0) size += static_cast<Size>(n);
  }
  return n >= 0;
}

long File::read_some(char* buffer, Size capacity) {
  long n;
  do {
    n = syscall(SYS_read, descriptor_, buffer, capacity);
  } while (n < 0 && errno == EINTR);
  return n;
}

Range File::map() const {
  struct stat status {};
  if (!is_open() || !get_status(descriptor_, status) || status.st_size <= 0) return {};
  const auto size = static_cast<Size>(status.st_size);
  void* const p = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor_, 0);
  if (p == MAP_FAILED) return {};
  const auto begin = reinterpret_cast<Address>(p);
  return {begin, begin + size};
}

std::uint64_t read_number_file(const char* path) {
  File file(path);
  char buffer[32];
  const Size n = file.read(buffer, sizeof buffer);
  std::uint64_t value = 0;
  for (Size i = 0; i < n && buffer[i] >= '0' && buffer[i] <= '9'; ++i) {
    value = value * 10 + static_cast<std::uint64_t>(buffer[i] - '0');
  }
  return value;
}

namespace {
constexpr int kAppending = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
}

int open_for_appending(const char* path) {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, kAppending | O_CREAT, S_IRUSR | S_IWUSR));
}

int open_existing_for_appending(const char* path) {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, kAppending));
}

bool is_terminal(int descriptor) {
  const ErrnoScope errno_scope;
  termios settings{};
  return syscall(SYS_ioctl, descriptor, TCGETS, &settings) == 0;
}

void close_descriptor(int descriptor) { syscall(SYS_close, descriptor); }

}  // namespace fencepost::os
