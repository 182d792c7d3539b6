#include "os/libc_calls.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <type_traits>

#include "support.h"

using namespace fencepost;
using record::SystemCall;

namespace {

template <typename Function>
Function* kernel(SystemCall call) {
  return reinterpret_cast<Function*>(os::kernel_call(call));
}

/// Calls that of the kernel's and that of libc's, which must agree in result and errno.
template <typename Result, typename... Arguments>
long same_result(SystemCall call, Result (*libc)(Arguments...), std::type_identity_t<Arguments>... arguments) {
  errno = 0;
  const auto expected = static_cast<long>(libc(arguments...));
  const int expected_errno = errno;
  errno = 0;
  const auto result = static_cast<long>(kernel<Result(Arguments...)>(call)(arguments...));
  CAPTURE(record::name(call));
  CHECK(result == expected);
  CHECK(errno == expected_errno);
  return result;
}

template <typename Function, typename... Arguments>
long same(SystemCall call, Arguments... arguments) {
  return same_result(call, os::libc_call<Function>(call), arguments...);
}

struct Pair {
  int ends[2];
  explicit Pair(int type) { REQUIRE(socketpair(AF_UNIX, type, 0, ends) == 0); }
  ~Pair() { close(ends[0]), close(ends[1]); }
};

using StatOfPath = int(const char*, struct stat*);
using StatAt = int(int, const char*, struct stat*, int);

}  // namespace

TEST_CASE("libc's own definitions are found, all of them", "[os]") {
  os::find_libc_calls();
  for (Size call = 1; call < record::kSystemCalls; ++call) {
    CAPTURE(call);
    CHECK(os::detail::libc_calls[call].load() != nullptr);
    CHECK(os::kernel_call(static_cast<SystemCall>(call)) != nullptr);
  }
  CHECK(os::libc_call<decltype(read)>(SystemCall::read) == read);
}

TEST_CASE("bytes go through the kernel's calls as through libc's", "[os]") {
  const test::TempFile file("0123456789abcdef");
  const int fd = open(file.path().c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(fd >= 0);
  char bytes[32];
  const iovec pieces[] = {{bytes, 2}, {bytes + 2, 30}};
  CHECK(same<decltype(pread)>(SystemCall::pread, fd, bytes, 5, 14) == 2);
  CHECK(std::memcmp(bytes, "ef", 2) == 0);
  CHECK(same<decltype(preadv)>(SystemCall::preadv, fd, pieces, 2, 10) == 6);
  CHECK(same<decltype(preadv2)>(SystemCall::preadv2, fd, pieces, 2, 10, 0) == 6);
  CHECK(same<decltype(pwrite)>(SystemCall::pwrite, fd, "xy", 2, 3) == 2);
  CHECK(same<decltype(pwritev)>(SystemCall::pwritev, fd, pieces, 2, 10) == 32);
  CHECK(same<decltype(pwritev2)>(SystemCall::pwritev2, fd, pieces, 2, 10, 0) == 32);
  CHECK(same<decltype(write)>(SystemCall::write, fd, "q", 1) == 1);
  CHECK(same<decltype(read)>(SystemCall::read, fd, bytes, 1) == 1);
  CHECK(same<decltype(readv)>(SystemCall::readv, fd, pieces, 1) == 2);
  CHECK(same<decltype(writev)>(SystemCall::writev, fd, pieces, 1) == 2);
  CHECK(same<decltype(read)>(SystemCall::read, -1, bytes, 1) == -1);
  close(fd);
}

TEST_CASE("messages go through the kernel's calls", "[os]") {
  const Pair pair(SOCK_SEQPACKET);
  const int from = pair.ends[0], to = pair.ends[1];
  char bytes[8];
  iovec piece{bytes, sizeof bytes};
  mmsghdr message{};
  message.msg_hdr.msg_iov = &piece;
  message.msg_hdr.msg_iovlen = 1;
  CHECK(same<decltype(send)>(SystemCall::send, from, "abc", 3, 0) == 3);
  CHECK(same<decltype(recv)>(SystemCall::recv, to, bytes, 8, 0) == 3);
  CHECK(same<decltype(sendto)>(SystemCall::sendto, from, "abcd", 4, 0, nullptr, 0) == 4);
  CHECK(same<decltype(recvfrom)>(SystemCall::recvfrom, to, bytes, 8, 0, nullptr, nullptr) == 4);
  CHECK(same<decltype(sendmsg)>(SystemCall::sendmsg, from, &message.msg_hdr, 0) == 8);
  CHECK(same<decltype(recvmsg)>(SystemCall::recvmsg, to, &message.msg_hdr, 0) == 8);
  CHECK(same<decltype(sendmmsg)>(SystemCall::sendmmsg, from, &message, 1, 0) == 1);
  CHECK(same<decltype(recvmmsg)>(SystemCall::recvmmsg, to, &message, 1, 0, nullptr) == 1);
  CHECK(same<decltype(recv)>(SystemCall::recv, to, bytes, 8, MSG_DONTWAIT) == -1);
}

TEST_CASE("sockets are asked and told through the kernel's calls", "[os]") {
  const Pair pair(SOCK_STREAM);
  int value = 0;
  socklen_t length = sizeof value;
  sockaddr_storage name;
  auto* const address = reinterpret_cast<sockaddr*>(&name);
  socklen_t room = sizeof name;
  CHECK(same<decltype(getsockopt)>(SystemCall::getsockopt, pair.ends[0], SOL_SOCKET, SO_TYPE, &value, &length) == 0);
  CHECK(value == SOCK_STREAM);
  CHECK(same<decltype(setsockopt)>(SystemCall::setsockopt, pair.ends[0], SOL_SOCKET, SO_KEEPALIVE, &value, length) ==
        0);
  CHECK(same<decltype(getsockname)>(SystemCall::getsockname, pair.ends[0], address, &room) == 0);
  CHECK(same<decltype(getpeername)>(SystemCall::getpeername, pair.ends[0], address, &room) == 0);
  CHECK(same<decltype(connect)>(SystemCall::connect, -1, address, socklen_t{sizeof name}) == -1);
  CHECK(same<decltype(bind)>(SystemCall::bind, -1, address, socklen_t{sizeof name}) == -1);
  CHECK(same<decltype(accept)>(SystemCall::accept, pair.ends[0], address, &room) == -1);
  CHECK(same<decltype(accept4)>(SystemCall::accept4, pair.ends[0], address, &room, 0) == -1);
}

TEST_CASE("waiting through the kernel's calls", "[os]") {
  const Pair pair(SOCK_STREAM);
  REQUIRE(send(pair.ends[0], "a", 1, 0) == 1);
  const int fd = pair.ends[1];
  pollfd file{fd, POLLIN, 0};
  const timespec no_time{};
  CHECK(same<decltype(poll)>(SystemCall::poll, &file, 1, 0) == 1);
  CHECK(same<decltype(poll)>(SystemCall::poll, &file, 1, -1) == 1);
  CHECK(same<decltype(ppoll)>(SystemCall::ppoll, &file, 1, &no_time, nullptr) == 1);
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  timeval time{1, 500000};
  CHECK(same<decltype(select)>(SystemCall::select, fd + 1, &set, nullptr, nullptr, nullptr) == 1);
  CHECK(same<decltype(select)>(SystemCall::select, fd + 1, &set, nullptr, nullptr, &time) == 1);
  CHECK(time.tv_sec <= 1);
  CHECK(same<decltype(pselect)>(SystemCall::pselect, fd + 1, &set, nullptr, nullptr, &no_time, nullptr) == 1);
  CHECK(FD_ISSET(fd, &set));
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  CHECK(kernel<decltype(epoll_ctl)>(SystemCall::epoll_ctl)(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
  CHECK(same<decltype(epoll_wait)>(SystemCall::epoll_wait, epoll, &event, 1, 0) == 1);
  CHECK(same<decltype(epoll_pwait)>(SystemCall::epoll_pwait, epoll, &event, 1, 0, nullptr) == 1);
  CHECK(same<decltype(epoll_pwait2)>(SystemCall::epoll_pwait2, epoll, &event, 1, &no_time, nullptr) == 1);
  close(epoll);
  CHECK(same<decltype(nanosleep)>(SystemCall::nanosleep, &no_time, nullptr) == 0);
  const timespec bad{0, -1};
  CHECK(same<decltype(clock_nanosleep)>(SystemCall::clock_nanosleep, CLOCK_MONOTONIC, 0, &bad, nullptr) == EINVAL);
}

TEST_CASE("files are told of through the kernel's calls", "[os]") {
  const test::TempFile file("contents");
  const char* const path = file.path().c_str();
  struct stat status {};
  CHECK(same<StatOfPath>(SystemCall::stat, path, &status) == 0);
  CHECK(status.st_size == 8);
  CHECK(same<StatOfPath>(SystemCall::lstat, "/proc/self/exe", &status) == 0);
  CHECK(S_ISLNK(status.st_mode));
  CHECK(same<int(int, struct stat*)>(SystemCall::fstat, 0, &status) == 0);
  CHECK(same<StatAt>(SystemCall::fstatat, AT_FDCWD, path, &status, 0) == 0);
  CHECK(status.st_size == 8);
  CHECK(same<StatOfPath>(SystemCall::stat, "/nonexistent", &status) == -1);
  CHECK(kernel<int(int, const char*, struct stat*)>(SystemCall::xstat)(1, path, &status) == 0);
  CHECK(kernel<int(int, const char*, struct stat*)>(SystemCall::lxstat)(1, path, &status) == 0);
  CHECK(kernel<int(int, int, struct stat*)>(SystemCall::fxstat)(1, 0, &status) == 0);
  CHECK(kernel<int(int, int, const char*, struct stat*, int)>(SystemCall::fxstatat)(1, AT_FDCWD, path, &status, 0) ==
        0);
  struct statx more {};
  using Statx = int(int, const char*, int, unsigned, struct statx*);
  CHECK(same<Statx>(SystemCall::statx, AT_FDCWD, path, 0, STATX_SIZE, &more) == 0);
  CHECK(more.stx_size == 8);
  char bytes[4096];
  CHECK(same<decltype(readlink)>(SystemCall::readlink, "/proc/self/exe", bytes, sizeof bytes) > 0);
  CHECK(same<decltype(readlinkat)>(SystemCall::readlinkat, AT_FDCWD, "/proc/self/exe", bytes, sizeof bytes) > 0);
  int waiting = 0;
  CHECK(same<int(int, unsigned long, void*)>(SystemCall::ioctl, -1, FIONREAD, &waiting) == -1);
  CHECK(same<decltype(getrandom)>(SystemCall::getrandom, bytes, 16, 0) == 16);
  CHECK(same<decltype(getentropy)>(SystemCall::getentropy, bytes, 16) == 0);
  CHECK(same<decltype(getentropy)>(SystemCall::getentropy, bytes, 257) == -1);
}

TEST_CASE("the working directory by the kernel's call", "[os]") {
  const auto kernels = kernel<decltype(getcwd)>(SystemCall::getcwd);
  char expected[4096], bytes[4096];
  REQUIRE(getcwd(expected, sizeof expected) == expected);
  CHECK(kernels(bytes, sizeof bytes) == bytes);
  CHECK(std::strcmp(bytes, expected) == 0);
  CHECK(kernels(bytes, 1) == nullptr);
  CHECK(errno == ERANGE);
  char* const own = kernels(nullptr, 0);
  CHECK(own != nullptr);
  free(own);
}

TEST_CASE("a thread that waits in a call of the kernel's can be cancelled", "[os]") {
  const Pair pair(SOCK_STREAM);
  pthread_t thread;
  int fd = pair.ends[0];
  const auto wait = [](void* socket) -> void* {
    char byte;
    kernel<decltype(read)>(SystemCall::read)(*static_cast<int*>(socket), &byte, 1);
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, nullptr, wait, &fd) == 0);
  CHECK(pthread_cancel(thread) == 0);
  void* result = nullptr;
  REQUIRE(pthread_join(thread, &result) == 0);
  CHECK(result == PTHREAD_CANCELED);
}
