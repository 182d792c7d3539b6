// The functions of sockets.
#include <sys/socket.h>

#include "base/export.h"
#include "interpose/fortified.h"
#include "runtime/system_calls.h"

using fencepost::interpose::within;
using fencepost::record::SystemCall;
using namespace fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT_WEAK ssize_t send(int socket, const void* buffer, size_t size, int flags) {
  const ssize_t result = next<decltype(send)>(SystemCall::send)(socket, buffer, size, flags);
  return transferred(result, SystemCall::send, reads(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t sendto(int socket, const void* buffer, size_t size, int flags, const sockaddr* to,
                                     socklen_t length) {
  const ssize_t result = next<decltype(sendto)>(SystemCall::sendto)(socket, buffer, size, flags, to, length);
  if (result >= 0) return transferred(result, SystemCall::sendto, reads(2, buffer, size));
  return checked(result, SystemCall::sendto, reads(5, to, length), reads(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  const ssize_t result = next<decltype(sendmsg)>(SystemCall::sendmsg)(socket, message, flags);
  const CallBuffer buffer = reads_through(2, message);
  if (result < 0) return checked(result, SystemCall::sendmsg, buffer);
  return transferred(result, SystemCall::sendmsg, buffer, message->msg_iov, message->msg_iovlen);
}

FENCEPOST_EXPORT_WEAK int sendmmsg(int socket, mmsghdr* messages, unsigned count, int flags) {
  const int result = next<decltype(sendmmsg)>(SystemCall::sendmmsg)(socket, messages, count, flags);
  return transferred_messages(result, SystemCall::sendmmsg, reads_through(2, messages, count));
}

FENCEPOST_EXPORT_WEAK ssize_t recv(int socket, void* buffer, size_t size, int flags) {
  const ssize_t result = next<decltype(recv)>(SystemCall::recv)(socket, buffer, size, flags);
  return transferred(result, SystemCall::recv, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __recv_chk(int socket, void* buffer, size_t size, size_t room, int flags) {
  const ssize_t result = next<decltype(recv)>(SystemCall::recv)(socket, buffer, within(room, size), flags);
  return transferred(result, SystemCall::recv, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t recvfrom(int socket, void* buffer, size_t size, int flags, sockaddr* from,
                                       socklen_t* length) {
  const ssize_t result = next<decltype(recvfrom)>(SystemCall::recvfrom)(socket, buffer, size, flags, from, length);
  if (result >= 0) return transferred(result, SystemCall::recvfrom, fills(2, buffer, size));
  return checked_address(result, SystemCall::recvfrom, 5, from, length, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __recvfrom_chk(int socket, void* buffer, size_t size, size_t room, int flags,
                                             sockaddr* from, socklen_t* length) {
  const ssize_t result =
      next<decltype(recvfrom)>(SystemCall::recvfrom)(socket, buffer, within(room, size), flags, from, length);
  if (result >= 0) return transferred(result, SystemCall::recvfrom, fills(2, buffer, size));
  return checked_address(result, SystemCall::recvfrom, 5, from, length, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t recvmsg(int socket, msghdr* message, int flags) {
  const ssize_t result = next<decltype(recvmsg)>(SystemCall::recvmsg)(socket, message, flags);
  const CallBuffer buffer = fills_through(2, message);
  if (result < 0) return checked(result, SystemCall::recvmsg, buffer);
  return transferred(result, SystemCall::recvmsg, buffer, message->msg_iov, message->msg_iovlen);
}

FENCEPOST_EXPORT_WEAK int recvmmsg(int socket, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  const int result = next<decltype(recvmmsg)>(SystemCall::recvmmsg)(socket, messages, count, flags, timeout);
  if (result < 0) return checked(result, SystemCall::recvmmsg, fills_through(2, messages, count), reads(5, timeout));
  return transferred_messages(result, SystemCall::recvmmsg, fills_through(2, messages, count));
}

FENCEPOST_EXPORT_WEAK int connect(int socket, const sockaddr* to, socklen_t length) {
  const int result = next<decltype(connect)>(SystemCall::connect)(socket, to, length);
  return checked(result, SystemCall::connect, reads(2, to, length));
}

FENCEPOST_EXPORT_WEAK int bind(int socket, const sockaddr* to, socklen_t length) noexcept {
  const int result = next<decltype(bind)>(SystemCall::bind)(socket, to, length);
  return checked(result, SystemCall::bind, reads(2, to, length));
}

FENCEPOST_EXPORT_WEAK int accept(int socket, sockaddr* from, socklen_t* length) {
  const int result = next<decltype(accept)>(SystemCall::accept)(socket, from, length);
  return checked_address(result, SystemCall::accept, 2, from, length);
}

FENCEPOST_EXPORT_WEAK int accept4(int socket, sockaddr* from, socklen_t* length, int flags) {
  const int result = next<decltype(accept4)>(SystemCall::accept4)(socket, from, length, flags);
  return checked_address(result, SystemCall::accept4, 2, from, length);
}

FENCEPOST_EXPORT_WEAK int getsockname(int socket, sockaddr* name, socklen_t* length) noexcept {
  const int result = next<decltype(getsockname)>(SystemCall::getsockname)(socket, name, length);
  return checked_address(result, SystemCall::getsockname, 2, name, length);
}

FENCEPOST_EXPORT_WEAK int getpeername(int socket, sockaddr* name, socklen_t* length) noexcept {
  const int result = next<decltype(getpeername)>(SystemCall::getpeername)(socket, name, length);
  return checked_address(result, SystemCall::getpeername, 2, name, length);
}

FENCEPOST_EXPORT_WEAK int getsockopt(int socket, int level, int option, void* value, socklen_t* length) noexcept {
  const int result = next<decltype(getsockopt)>(SystemCall::getsockopt)(socket, level, option, value, length);
  return checked_address(result, SystemCall::getsockopt, 4, value, length);
}

FENCEPOST_EXPORT_WEAK int setsockopt(int socket, int level, int option, const void* value, socklen_t length) noexcept {
  const int result = next<decltype(setsockopt)>(SystemCall::setsockopt)(socket, level, option, value, length);
  return checked(result, SystemCall::setsockopt, reads(4, value, length));
}

}  // extern "C"
