// The functions of libc that hand a program's memory to the kernel, by the names that reports use.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/types.h"

namespace fencepost::record {

enum class SystemCall : std::uint8_t {
  none,
  read,
  write,
  pread,
  pwrite,
  readv,
  writev,
  preadv,
  pwritev,
  preadv2,
  pwritev2,
  send,
  sendto,
  sendmsg,
  sendmmsg,
  recv,
  recvfrom,
  recvmsg,
  recvmmsg,
  connect,
  bind,
  accept,
  accept4,
  getsockname,
  getpeername,
  getsockopt,
  setsockopt,
  poll,
  ppoll,
  select,
  pselect,
  epoll_ctl,
  epoll_wait,
  epoll_pwait,
  epoll_pwait2,
  nanosleep,
  clock_nanosleep,
  stat,
  lstat,
  fstat,
  fstatat,
  statx,
  xstat,
  lxstat,
  fxstat,
  fxstatat,
  readlink,
  readlinkat,
  getcwd,
  getdents64,
  getrandom,
  getentropy,
  ioctl,
  fread,
  fwrite,
  fread_unlocked,
  fwrite_unlocked,
};

inline constexpr Size kSystemCalls = static_cast<Size>(SystemCall::fwrite_unlocked) + 1;

/// The name in libc, for example "read"; zero-terminated.
[[nodiscard]] constexpr std::string_view name(SystemCall call) {
  constexpr std::string_view kNames[] = {
      "an unknown call", "read",           "write",          "pread",       "pwrite",       "readv",
      "writev",          "preadv",         "pwritev",        "preadv2",     "pwritev2",     "send",
      "sendto",          "sendmsg",        "sendmmsg",       "recv",        "recvfrom",     "recvmsg",
      "recvmmsg",        "connect",        "bind",           "accept",      "accept4",      "getsockname",
      "getpeername",     "getsockopt",     "setsockopt",     "poll",        "ppoll",        "select",
      "pselect",         "epoll_ctl",      "epoll_wait",     "epoll_pwait", "epoll_pwait2", "nanosleep",
      "clock_nanosleep", "stat",           "lstat",          "fstat",       "fstatat",      "statx",
      "__xstat",         "__lxstat",       "__fxstat",       "__fxstatat",  "readlink",     "readlinkat",
      "getcwd",          "getdents64",     "getrandom",      "getentropy",  "ioctl",        "fread",
      "fwrite",          "fread_unlocked", "fwrite_unlocked"};
  static_assert(sizeof kNames / sizeof kNames[0] == kSystemCalls);
  return kNames[static_cast<Size>(call)];
}

}  // namespace fencepost::record
