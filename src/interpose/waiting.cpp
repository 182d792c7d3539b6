// The functions that wait: for descriptors and for time.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include <ctime>

#include "base/export.h"
#include "interpose/fortified.h"
#include "runtime/system_calls.h"

using fencepost::interpose::within;
using fencepost::record::SystemCall;
using namespace fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT_WEAK int poll(pollfd* files, nfds_t count, int timeout) {
  const int result = next<decltype(poll)>(SystemCall::poll)(files, count, timeout);
  return checked(result, SystemCall::poll, reads(1, files, count * sizeof *files));
}

FENCEPOST_EXPORT_WEAK int __poll_chk(pollfd* files, nfds_t count, int timeout, size_t room) {
  const int result = next<decltype(poll)>(SystemCall::poll)(files, within(room / sizeof *files, count), timeout);
  return checked(result, SystemCall::poll, reads(1, files, count * sizeof *files));
}

FENCEPOST_EXPORT_WEAK int ppoll(pollfd* files, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  const int result = next<decltype(ppoll)>(SystemCall::ppoll)(files, count, timeout, mask);
  return checked(result, SystemCall::ppoll, reads(1, files, count * sizeof *files), reads(4, mask, kKernelSetSize));
}

FENCEPOST_EXPORT_WEAK int __ppoll_chk(pollfd* files, nfds_t count, const timespec* timeout, const sigset_t* mask,
                                      size_t room) {
  const int result =
      next<decltype(ppoll)>(SystemCall::ppoll)(files, within(room / sizeof *files, count), timeout, mask);
  return checked(result, SystemCall::ppoll, reads(1, files, count * sizeof *files), reads(4, mask, kKernelSetSize));
}

FENCEPOST_EXPORT_WEAK int select(int count, fd_set* in, fd_set* out, fd_set* other, timeval* timeout) {
  const int result = next<decltype(select)>(SystemCall::select)(count, in, out, other, timeout);
  return checked(result, SystemCall::select, reads_set(2, in, count), reads_set(3, out, count),
                 reads_set(4, other, count));
}

FENCEPOST_EXPORT_WEAK int pselect(int count, fd_set* in, fd_set* out, fd_set* other, const timespec* timeout,
                                  const sigset_t* mask) {
  const int result = next<decltype(pselect)>(SystemCall::pselect)(count, in, out, other, timeout, mask);
  return checked(result, SystemCall::pselect, reads_set(2, in, count), reads_set(3, out, count),
                 reads_set(4, other, count), reads(6, mask, kKernelSetSize));
}

FENCEPOST_EXPORT_WEAK int epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event) noexcept {
  const int result = next<decltype(epoll_ctl)>(SystemCall::epoll_ctl)(epoll, operation, descriptor, event);
  return checked(result, SystemCall::epoll_ctl, reads(4, event));
}

FENCEPOST_EXPORT_WEAK int epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  const int result = next<decltype(epoll_wait)>(SystemCall::epoll_wait)(epoll, events, most, timeout);
  return checked(result, SystemCall::epoll_wait, fills(2, events, sizeof *events * most));
}

FENCEPOST_EXPORT_WEAK int epoll_pwait(int epoll, epoll_event* events, int most, int timeout, const sigset_t* mask) {
  const int result = next<decltype(epoll_pwait)>(SystemCall::epoll_pwait)(epoll, events, most, timeout, mask);
  return checked(result, SystemCall::epoll_pwait, reads(5, mask, kKernelSetSize),
                 fills(2, events, sizeof *events * most));
}

FENCEPOST_EXPORT_WEAK int epoll_pwait2(int epoll, epoll_event* events, int most, const timespec* timeout,
                                       const sigset_t* mask) {
  const int result = next<decltype(epoll_pwait2)>(SystemCall::epoll_pwait2)(epoll, events, most, timeout, mask);
  return checked(result, SystemCall::epoll_pwait2, reads(4, timeout), reads(5, mask, kKernelSetSize),
                 fills(2, events, sizeof *events * most));
}

FENCEPOST_EXPORT_WEAK int nanosleep(const timespec* time, timespec* left) {
  const int result = next<decltype(nanosleep)>(SystemCall::nanosleep)(time, left);
  return checked(result, SystemCall::nanosleep, reads(1, time), fills(2, left));
}

FENCEPOST_EXPORT_WEAK int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  const int error = next<decltype(clock_nanosleep)>(SystemCall::clock_nanosleep)(clock, flags, time, left);
  return checked_error(error, SystemCall::clock_nanosleep, reads(3, time), fills(4, left));
}

}  // extern "C"
