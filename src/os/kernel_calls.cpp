// The wrappers of libc once more, over the bare system calls, for programs without a loader.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <ctime>

#include "os/errno_scope.h"
#include "os/libc_calls.h"

extern "C" {
// libc's second names for stdio, which nobody interposes.
size_t _IO_fread(void*, size_t, size_t, FILE*);
size_t _IO_fwrite(const void*, size_t, size_t, FILE*);
// A fully static program's own getcwd; whoever has get_current_dir_name has it.
[[gnu::weak]] char* __getcwd(char*, size_t);
}

namespace fencepost::os {

namespace {

using record::SystemCall;

/// The size of the kernel's sigset_t, in bytes.
constexpr Size kSetSize = 8;

template <typename T>
long word(T argument) {
  return static_cast<long>(argument);
}
template <typename T>
long word(T* argument) {
  return reinterpret_cast<long>(argument);
}

template <typename... Arguments>
long plain(long number, Arguments... arguments) {
  return syscall(number, word(arguments)...);
}

/// As libc made its cancellation points before 2.41.
template <typename... Arguments>
long cancellable(long number, Arguments... arguments) {
  int type = PTHREAD_CANCEL_DEFERRED;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
  const long result = plain(number, arguments...);
  pthread_setcanceltype(type, nullptr);
  return result;
}

timespec to_timespec(int milliseconds) {
  return {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
}

/// By the names of libc, which an unqualified call finds first only in a class.
struct Kernel {
  static ssize_t read(int fd, void* buffer, size_t size) { return cancellable(SYS_read, fd, buffer, size); }
  static ssize_t write(int fd, const void* buffer, size_t size) { return cancellable(SYS_write, fd, buffer, size); }
  static ssize_t pread(int fd, void* buffer, size_t size, off_t at) {
    return cancellable(SYS_pread64, fd, buffer, size, at);
  }
  static ssize_t pwrite(int fd, const void* buffer, size_t size, off_t at) {
    return cancellable(SYS_pwrite64, fd, buffer, size, at);
  }
  static ssize_t readv(int fd, const iovec* vector, int count) { return cancellable(SYS_readv, fd, vector, count); }
  static ssize_t writev(int fd, const iovec* vector, int count) { return cancellable(SYS_writev, fd, vector, count); }
  static ssize_t preadv(int fd, const iovec* vector, int count, off_t at) {
    return cancellable(SYS_preadv, fd, vector, count, at, 0);
  }
  static ssize_t pwritev(int fd, const iovec* vector, int count, off_t at) {
    return cancellable(SYS_pwritev, fd, vector, count, at, 0);
  }
  static ssize_t preadv2(int fd, const iovec* vector, int count, off_t at, int flags) {
    return cancellable(SYS_preadv2, fd, vector, count, at, 0, flags);
  }
  static ssize_t pwritev2(int fd, const iovec* vector, int count, off_t at, int flags) {
    return cancellable(SYS_pwritev2, fd, vector, count, at, 0, flags);
  }

  static ssize_t sendto(int fd, const void* buffer, size_t size, int flags, const sockaddr* to, socklen_t length) {
    return cancellable(SYS_sendto, fd, buffer, size, flags, to, length);
  }
  static ssize_t send(int fd, const void* buffer, size_t size, int flags) {
    return sendto(fd, buffer, size, flags, nullptr, 0);
  }
  static ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    return cancellable(SYS_sendmsg, fd, message, flags);
  }
  static int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
    return static_cast<int>(cancellable(SYS_sendmmsg, fd, messages, count, flags));
  }
  static ssize_t recvfrom(int fd, void* buffer, size_t size, int flags, sockaddr* from, socklen_t* length) {
    return cancellable(SYS_recvfrom, fd, buffer, size, flags, from, length);
  }
  static ssize_t recv(int fd, void* buffer, size_t size, int flags) {
    return recvfrom(fd, buffer, size, flags, nullptr, nullptr);
  }
  static ssize_t recvmsg(int fd, msghdr* message, int flags) { return cancellable(SYS_recvmsg, fd, message, flags); }
  static int recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
    return static_cast<int>(cancellable(SYS_recvmmsg, fd, messages, count, flags, timeout));
  }
  static int connect(int fd, const sockaddr* to, socklen_t length) {
    return static_cast<int>(cancellable(SYS_connect, fd, to, length));
  }
  static int bind(int fd, const sockaddr* to, socklen_t length) {
    return static_cast<int>(plain(SYS_bind, fd, to, length));
  }
  static int accept(int fd, sockaddr* from, socklen_t* length) {
    return static_cast<int>(cancellable(SYS_accept, fd, from, length));
  }
  static int accept4(int fd, sockaddr* from, socklen_t* length, int flags) {
    return static_cast<int>(cancellable(SYS_accept4, fd, from, length, flags));
  }
  static int getsockname(int fd, sockaddr* name, socklen_t* length) {
    return static_cast<int>(plain(SYS_getsockname, fd, name, length));
  }
  static int getpeername(int fd, sockaddr* name, socklen_t* length) {
    return static_cast<int>(plain(SYS_getpeername, fd, name, length));
  }
  static int getsockopt(int fd, int level, int option, void* value, socklen_t* length) {
    return static_cast<int>(plain(SYS_getsockopt, fd, level, option, value, length));
  }
  static int setsockopt(int fd, int level, int option, const void* value, socklen_t length) {
    return static_cast<int>(plain(SYS_setsockopt, fd, level, option, value, length));
  }

  /// The kernel changes the time, the caller's must stay.
  static int ppoll(pollfd* files, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    timespec time{};
    if (timeout != nullptr) time = *timeout;
    return static_cast<int>(cancellable(SYS_ppoll, files, count, timeout == nullptr ? nullptr : &time, mask, kSetSize));
  }
  static int poll(pollfd* files, nfds_t count, int milliseconds) {
    const timespec time = to_timespec(milliseconds);
    return ppoll(files, count, milliseconds < 0 ? nullptr : &time, nullptr);
  }
  static int kernel_select(int count, fd_set* in, fd_set* out, fd_set* other, timespec* time, const sigset_t* mask) {
    const struct {
      const sigset_t* mask;
      Size size;
    } masked{mask, kSetSize};
    return static_cast<int>(cancellable(SYS_pselect6, count, in, out, other, time, &masked));
  }
  static int pselect(int count, fd_set* in, fd_set* out, fd_set* other, const timespec* timeout, const sigset_t* mask) {
    timespec time{};
    if (timeout != nullptr) time = *timeout;
    return kernel_select(count, in, out, other, timeout == nullptr ? nullptr : &time, mask);
  }
  static int select(int count, fd_set* in, fd_set* out, fd_set* other, timeval* timeout) {
    if (timeout == nullptr) return kernel_select(count, in, out, other, nullptr, nullptr);
    timespec time{timeout->tv_sec + timeout->tv_usec / 1000000, timeout->tv_usec % 1000000 * 1000};
    const int result = kernel_select(count, in, out, other, &time, nullptr);
    *timeout = {time.tv_sec, time.tv_nsec / 1000};
    return result;
  }
  static int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
    return static_cast<int>(plain(SYS_epoll_ctl, epoll, operation, fd, event));
  }
  static int epoll_pwait(int epoll, epoll_event* events, int most, int milliseconds, const sigset_t* mask) {
    return static_cast<int>(cancellable(SYS_epoll_pwait, epoll, events, most, milliseconds, mask, kSetSize));
  }
  static int epoll_wait(int epoll, epoll_event* events, int most, int milliseconds) {
    return epoll_pwait(epoll, events, most, milliseconds, nullptr);
  }
  static int epoll_pwait2(int epoll, epoll_event* events, int most, const timespec* timeout, const sigset_t* mask) {
    return static_cast<int>(cancellable(SYS_epoll_pwait2, epoll, events, most, timeout, mask, kSetSize));
  }
  static int nanosleep(const timespec* time, timespec* left) {
    return static_cast<int>(cancellable(SYS_nanosleep, time, left));
  }
  static int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    const ErrnoScope errno_scope;
    return cancellable(SYS_clock_nanosleep, clock, flags, time, left) == 0 ? 0 : errno;
  }

  static int fstatat(int directory, const char* path, struct stat* status, int flags) {
    return static_cast<int>(plain(SYS_newfstatat, directory, path, status, flags));
  }
  static int stat(const char* path, struct stat* status) { return fstatat(AT_FDCWD, path, status, 0); }
  static int lstat(const char* path, struct stat* status) {
    return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
  }
  static int fstat(int fd, struct stat* status) { return static_cast<int>(plain(SYS_fstat, fd, status)); }
  static int statx(int directory, const char* path, int flags, unsigned mask, struct statx* status) {
    return static_cast<int>(plain(SYS_statx, directory, path, flags, mask, status));
  }
  static int xstat(int, const char* path, struct stat* status) { return stat(path, status); }
  static int lxstat(int, const char* path, struct stat* status) { return lstat(path, status); }
  static int fxstat(int, int fd, struct stat* status) { return fstat(fd, status); }
  static int fxstatat(int, int directory, const char* path, struct stat* status, int flags) {
    return fstatat(directory, path, status, flags);
  }
  static ssize_t readlinkat(int directory, const char* path, char* buffer, size_t size) {
    return plain(SYS_readlinkat, directory, path, buffer, size);
  }
  static ssize_t readlink(const char* path, char* buffer, size_t size) {
    return readlinkat(AT_FDCWD, path, buffer, size);
  }
  static char* getcwd(char* buffer, size_t size) {
    if (__getcwd != nullptr) return __getcwd(buffer, size);
    if (buffer == nullptr) return get_current_dir_name();
    return plain(SYS_getcwd, buffer, size) < 0 ? nullptr : buffer;
  }
  static ssize_t getdents64(int fd, void* buffer, size_t size) { return plain(SYS_getdents64, fd, buffer, size); }
  static ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
    return cancellable(SYS_getrandom, buffer, size, flags);
  }
  static int getentropy(void* buffer, size_t size) {
    if (size > 256) {
      errno = EIO;
      return -1;
    }
    auto* at = static_cast<char*>(buffer);
    for (char* const end = at + size; at < end;) {
      const long n = plain(SYS_getrandom, at, static_cast<Size>(end - at), 0);
      if (n < 0 && errno != EINTR) return -1;
      if (n > 0) at += n;
    }
    return 0;
  }
  static int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void* const argument = va_arg(arguments, void*);
    va_end(arguments);
    return static_cast<int>(plain(SYS_ioctl, fd, request, argument));
  }
};

template <typename Function>
void* address_of(Function* function) {
  return reinterpret_cast<void*>(function);
}

}  // namespace

void* kernel_call(SystemCall call) {
  switch (call) {
    case SystemCall::none: return nullptr;
    case SystemCall::read: return address_of(Kernel::read);
    case SystemCall::write: return address_of(Kernel::write);
    case SystemCall::pread: return address_of(Kernel::pread);
    case SystemCall::pwrite: return address_of(Kernel::pwrite);
    case SystemCall::readv: return address_of(Kernel::readv);
    case SystemCall::writev: return address_of(Kernel::writev);
    case SystemCall::preadv: return address_of(Kernel::preadv);
    case SystemCall::pwritev: return address_of(Kernel::pwritev);
    case SystemCall::preadv2: return address_of(Kernel::preadv2);
    case SystemCall::pwritev2: return address_of(Kernel::pwritev2);
    case SystemCall::send: return address_of(Kernel::send);
    case SystemCall::sendto: return address_of(Kernel::sendto);
    case SystemCall::sendmsg: return address_of(Kernel::sendmsg);
    case SystemCall::sendmmsg: return address_of(Kernel::sendmmsg);
    case SystemCall::recv: return address_of(Kernel::recv);
    case SystemCall::recvfrom: return address_of(Kernel::recvfrom);
    case SystemCall::recvmsg: return address_of(Kernel::recvmsg);
    case SystemCall::recvmmsg: return address_of(Kernel::recvmmsg);
    case SystemCall::connect: return address_of(Kernel::connect);
    case SystemCall::bind: return address_of(Kernel::bind);
    case SystemCall::accept: return address_of(Kernel::accept);
    case SystemCall::accept4: return address_of(Kernel::accept4);
    case SystemCall::getsockname: return address_of(Kernel::getsockname);
    case SystemCall::getpeername: return address_of(Kernel::getpeername);
    case SystemCall::getsockopt: return address_of(Kernel::getsockopt);
    case SystemCall::setsockopt: return address_of(Kernel::setsockopt);
    case SystemCall::poll: return address_of(Kernel::poll);
    case SystemCall::ppoll: return address_of(Kernel::ppoll);
    case SystemCall::select: return address_of(Kernel::select);
    case SystemCall::pselect: return address_of(Kernel::pselect);
    case SystemCall::epoll_ctl: return address_of(Kernel::epoll_ctl);
    case SystemCall::epoll_wait: return address_of(Kernel::epoll_wait);
    case SystemCall::epoll_pwait: return address_of(Kernel::epoll_pwait);
    case SystemCall::epoll_pwait2: return address_of(Kernel::epoll_pwait2);
    case SystemCall::nanosleep: return address_of(Kernel::nanosleep);
    case SystemCall::clock_nanosleep: return address_of(Kernel::clock_nanosleep);
    case SystemCall::stat: return address_of(Kernel::stat);
    case SystemCall::lstat: return address_of(Kernel::lstat);
    case SystemCall::fstat: return address_of(Kernel::fstat);
    case SystemCall::fstatat: return address_of(Kernel::fstatat);
    case SystemCall::statx: return address_of(Kernel::statx);
    case SystemCall::xstat: return address_of(Kernel::xstat);
    case SystemCall::lxstat: return address_of(Kernel::lxstat);
    case SystemCall::fxstat: return address_of(Kernel::fxstat);
    case SystemCall::fxstatat: return address_of(Kernel::fxstatat);
    case SystemCall::readlink: return address_of(Kernel::readlink);
    case SystemCall::readlinkat: return address_of(Kernel::readlinkat);
    case SystemCall::getcwd: return address_of(Kernel::getcwd);
    case SystemCall::getdents64: return address_of(Kernel::getdents64);
    case SystemCall::getrandom: return address_of(Kernel::getrandom);
    case SystemCall::getentropy: return address_of(Kernel::getentropy);
    case SystemCall::ioctl: return address_of(Kernel::ioctl);
    case SystemCall::fread: [[fallthrough]];
    case SystemCall::fread_unlocked: return address_of(_IO_fread);
    case SystemCall::fwrite: [[fallthrough]];
    case SystemCall::fwrite_unlocked: return address_of(_IO_fwrite);
  }
  return nullptr;
}

}  // namespace fencepost::os
