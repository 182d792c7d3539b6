// The functions that tell about files, and ioctl.
#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdarg>

#include "base/export.h"
#include "interpose/fortified.h"
#include "runtime/system_calls.h"

using fencepost::interpose::within;
using fencepost::record::SystemCall;
using namespace fencepost::runtime;

namespace {

using Stat = struct stat;
using Stat64 = struct stat64;
static_assert(sizeof(Stat) == sizeof(Stat64));

// Each of these four is told as the plain function, whatever name the program called it by.
using StatOfPath = int(const char*, Stat*);
using StatOfDescriptor = int(int, Stat*);
using StatAt = int(int, const char*, Stat*, int);

}  // namespace

extern "C" {

FENCEPOST_EXPORT_WEAK int stat(const char* path, Stat* status) noexcept {
  const int result = next<StatOfPath>(SystemCall::stat)(path, status);
  return checked(result, SystemCall::stat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int stat64(const char* path, Stat64* status) noexcept {
  const int result = next<int(const char*, Stat64*)>(SystemCall::stat)(path, status);
  return checked(result, SystemCall::stat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int __xstat(int version, const char* path, Stat* status) noexcept {
  const int result = next<int(int, const char*, Stat*)>(SystemCall::xstat)(version, path, status);
  return checked(result, SystemCall::stat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int __xstat64(int version, const char* path, Stat64* status) noexcept {
  const int result = next<int(int, const char*, Stat64*)>(SystemCall::xstat)(version, path, status);
  return checked(result, SystemCall::stat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int lstat(const char* path, Stat* status) noexcept {
  const int result = next<StatOfPath>(SystemCall::lstat)(path, status);
  return checked(result, SystemCall::lstat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int lstat64(const char* path, Stat64* status) noexcept {
  const int result = next<int(const char*, Stat64*)>(SystemCall::lstat)(path, status);
  return checked(result, SystemCall::lstat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int __lxstat(int version, const char* path, Stat* status) noexcept {
  const int result = next<int(int, const char*, Stat*)>(SystemCall::lxstat)(version, path, status);
  return checked(result, SystemCall::lstat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int __lxstat64(int version, const char* path, Stat64* status) noexcept {
  const int result = next<int(int, const char*, Stat64*)>(SystemCall::lxstat)(version, path, status);
  return checked(result, SystemCall::lstat, reads_path(1, path), fills(2, status));
}

FENCEPOST_EXPORT_WEAK int fstat(int descriptor, Stat* status) noexcept {
  const int result = next<StatOfDescriptor>(SystemCall::fstat)(descriptor, status);
  return checked(result, SystemCall::fstat, fills(2, status));
}

FENCEPOST_EXPORT_WEAK int fstat64(int descriptor, Stat64* status) noexcept {
  const int result = next<int(int, Stat64*)>(SystemCall::fstat)(descriptor, status);
  return checked(result, SystemCall::fstat, fills(2, status));
}

FENCEPOST_EXPORT_WEAK int __fxstat(int version, int descriptor, Stat* status) noexcept {
  const int result = next<int(int, int, Stat*)>(SystemCall::fxstat)(version, descriptor, status);
  return checked(result, SystemCall::fstat, fills(2, status));
}

FENCEPOST_EXPORT_WEAK int __fxstat64(int version, int descriptor, Stat64* status) noexcept {
  const int result = next<int(int, int, Stat64*)>(SystemCall::fxstat)(version, descriptor, status);
  return checked(result, SystemCall::fstat, fills(2, status));
}

FENCEPOST_EXPORT_WEAK int fstatat(int directory, const char* path, Stat* status, int flags) noexcept {
  const int result = next<StatAt>(SystemCall::fstatat)(directory, path, status, flags);
  return checked(result, SystemCall::fstatat, reads_path(2, path), fills(3, status));
}

FENCEPOST_EXPORT_WEAK int fstatat64(int directory, const char* path, Stat64* status, int flags) noexcept {
  const int result = next<int(int, const char*, Stat64*, int)>(SystemCall::fstatat)(directory, path, status, flags);
  return checked(result, SystemCall::fstatat, reads_path(2, path), fills(3, status));
}

FENCEPOST_EXPORT_WEAK int __fxstatat(int version, int directory, const char* path, Stat* status, int flags) noexcept {
  using Old = int(int, int, const char*, Stat*, int);
  const int result = next<Old>(SystemCall::fxstatat)(version, directory, path, status, flags);
  return checked(result, SystemCall::fstatat, reads_path(2, path), fills(3, status));
}

FENCEPOST_EXPORT_WEAK int __fxstatat64(int version, int directory, const char* path, Stat64* status,
                                       int flags) noexcept {
  using Old = int(int, int, const char*, Stat64*, int);
  const int result = next<Old>(SystemCall::fxstatat)(version, directory, path, status, flags);
  return checked(result, SystemCall::fstatat, reads_path(2, path), fills(3, status));
}

FENCEPOST_EXPORT_WEAK int statx(int directory, const char* path, int flags, unsigned mask,
                                struct statx* status) noexcept {
  using Statx = int(int, const char*, int, unsigned, struct statx*);
  const int result = next<Statx>(SystemCall::statx)(directory, path, flags, mask, status);
  return checked(result, SystemCall::statx, reads_path(2, path), fills(5, status));
}

FENCEPOST_EXPORT_WEAK ssize_t readlink(const char* path, char* buffer, size_t size) noexcept {
  const ssize_t result = next<decltype(readlink)>(SystemCall::readlink)(path, buffer, size);
  return checked(result, SystemCall::readlink, reads_path(1, path), fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __readlink_chk(const char* path, char* buffer, size_t size, size_t room) noexcept {
  const ssize_t result = next<decltype(readlink)>(SystemCall::readlink)(path, buffer, within(room, size));
  return checked(result, SystemCall::readlink, reads_path(1, path), fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t readlinkat(int directory, const char* path, char* buffer, size_t size) noexcept {
  const ssize_t result = next<decltype(readlinkat)>(SystemCall::readlinkat)(directory, path, buffer, size);
  return checked(result, SystemCall::readlinkat, reads_path(2, path), fills(3, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __readlinkat_chk(int directory, const char* path, char* buffer, size_t size,
                                               size_t room) noexcept {
  const ssize_t result =
      next<decltype(readlinkat)>(SystemCall::readlinkat)(directory, path, buffer, within(room, size));
  return checked(result, SystemCall::readlinkat, reads_path(2, path), fills(3, buffer, size));
}

FENCEPOST_EXPORT_WEAK char* getcwd(char* buffer, size_t size) noexcept {
  char* const result = next<decltype(getcwd)>(SystemCall::getcwd)(buffer, size);
  return checked_pointer(result, SystemCall::getcwd, fills(1, buffer, size));
}

FENCEPOST_EXPORT_WEAK char* __getcwd_chk(char* buffer, size_t size, size_t room) noexcept {
  char* const result = next<decltype(getcwd)>(SystemCall::getcwd)(buffer, within(room, size));
  return checked_pointer(result, SystemCall::getcwd, fills(1, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t getdents64(int directory, void* buffer, size_t size) noexcept {
  const ssize_t result = next<decltype(getdents64)>(SystemCall::getdents64)(directory, buffer, size);
  return checked(result, SystemCall::getdents64, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK int ioctl(int descriptor, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  const int result = next<decltype(ioctl)>(SystemCall::ioctl)(descriptor, request, argument);
  if (result >= 0) return result;
  return checked(result, SystemCall::ioctl, ioctl_buffer(request, argument));
}

}  // extern "C"
