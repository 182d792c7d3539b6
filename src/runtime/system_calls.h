// Calls that hand the program's memory to the kernel, which answers EFAULT, or stops short, where a load or a
// store of the program's own would fault. Nothing is looked at before a call, and nothing after one that did all
// it was asked to.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <cerrno>
#include <initializer_list>

#include "base/align.h"
#include "fault/call_buffer.h"
#include "os/libc_calls.h"
#include "record/system_call.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

using fault::CallBuffer;
using record::SystemCall;

/// libc's own definition of a function of type `Function`.
template <typename Function>
[[gnu::always_inline]] inline Function* next(SystemCall call) {
  return os::libc_call<Function>(call);
}

// What a call does with its argument of that number, counted from 1. Null pointers are nobody's.

[[nodiscard]] inline CallBuffer buffer_of(int argument, CallBuffer::Shape shape, record::Access access,
                                          const void* address, Size count) {
  return {static_cast<std::uint8_t>(argument), shape, access, reinterpret_cast<Address>(address), count};
}
/// The kernel reads, or fills, `size` bytes.
[[nodiscard]] inline CallBuffer reads(int argument, const void* address, Size size) {
  return buffer_of(argument, CallBuffer::Shape::bytes, record::Access::read, address, size);
}
[[nodiscard]] inline CallBuffer fills(int argument, const void* address, Size size) {
  return buffer_of(argument, CallBuffer::Shape::bytes, record::Access::write, address, size);
}
template <typename T>
[[nodiscard]] inline CallBuffer reads(int argument, const T* object) {
  return reads(argument, object, sizeof(T));
}
template <typename T>
[[nodiscard]] inline CallBuffer fills(int argument, const T* object) {
  return fills(argument, object, sizeof(T));
}
[[nodiscard]] inline CallBuffer reads_path(int argument, const char* path) {
  return buffer_of(argument, CallBuffer::Shape::string, record::Access::read, path, 0);
}
/// The kernel reads, or fills, what `count` of these structures point at.
[[nodiscard]] inline CallBuffer reads_through(int argument, const iovec* vector, Size count) {
  return buffer_of(argument, CallBuffer::Shape::vector, record::Access::read, vector, count);
}
[[nodiscard]] inline CallBuffer fills_through(int argument, const iovec* vector, Size count) {
  return buffer_of(argument, CallBuffer::Shape::vector, record::Access::write, vector, count);
}
[[nodiscard]] inline CallBuffer reads_through(int argument, const msghdr* message) {
  return buffer_of(argument, CallBuffer::Shape::message, record::Access::read, message, 1);
}
[[nodiscard]] inline CallBuffer fills_through(int argument, const msghdr* message) {
  return buffer_of(argument, CallBuffer::Shape::message, record::Access::write, message, 1);
}
[[nodiscard]] inline CallBuffer reads_through(int argument, const mmsghdr* messages, Size count) {
  return buffer_of(argument, CallBuffer::Shape::messages, record::Access::read, messages, count);
}
[[nodiscard]] inline CallBuffer fills_through(int argument, const mmsghdr* messages, Size count) {
  return buffer_of(argument, CallBuffer::Shape::messages, record::Access::write, messages, count);
}
/// The header in one of those.
[[nodiscard]] inline CallBuffer header_of(const CallBuffer& messages, Size number) {
  return {messages.argument, CallBuffer::Shape::message, messages.access, messages.address + number * sizeof(mmsghdr),
          1};
}
/// The first `count` bits of a set of descriptors, in whole words, which the kernel reads and then fills.
[[nodiscard]] inline CallBuffer reads_set(int argument, const void* set, int count) {
  constexpr int kWordBits = 8 * sizeof(long);
  return reads(argument, set, set == nullptr || count <= 0 ? 0 : (count - 1) / kWordBits * sizeof(long) + sizeof(long));
}
/// Bytes of a set of signals that the kernel looks at.
inline constexpr Size kKernelSetSize = 8;
/// *`length` bytes, or none if that can't be read. Context: anywhere, once the fault handler is installed.
[[nodiscard]] CallBuffer fills_counted(int argument, const void* address, const unsigned* length);

/// What ioctl(2) does with its argument, as far as the number of the request says. Of other requests,
/// nothing.
[[nodiscard]] CallBuffer ioctl_buffer(unsigned long request, const void* argument);

/// Reports the first of `buffers` with a byte behind a fence. Context: anywhere.
[[gnu::cold]] void tell_failure(const SystemCallSite& site, std::initializer_list<CallBuffer> buffers);
/// Reports `buffer` if the kernel stopped after `transferred` bytes because the next one is behind a fence.
/// Context: anywhere.
[[gnu::cold]] void tell_stop(const SystemCallSite& site, const CallBuffer& buffer, Size transferred);

/// Must be inlined into the entry point itself: it reads the entry point's own frame.
[[gnu::always_inline]] inline SystemCallSite entered(SystemCall call) {
  return {call, reinterpret_cast<Address>(__builtin_return_address(0)),
          reinterpret_cast<Address>(__builtin_frame_address(0))};
}

// The ways in which a call ends. Each function returns `result` and keeps errno. What a report needs is put
// together only when there is one: a success pays for a comparison.

/// A call that does all or nothing.
template <typename Result, typename... Buffers>
[[gnu::always_inline]] inline Result checked(Result result, SystemCall call, const Buffers&... buffers) {
  if (result < 0 && errno == EFAULT) [[unlikely]]
    tell_failure(entered(call), {buffers...});
  return result;
}

/// One that also tells an address: its argument `argument`, and the length that follows.
template <typename Result, typename... Buffers>
[[gnu::always_inline]] inline Result checked_address(Result result, SystemCall call, int argument, const void* address,
                                                     const unsigned* length, const Buffers&... buffers) {
  if (result < 0 && errno == EFAULT) [[unlikely]] {
    tell_failure(entered(call), {reads(argument + 1, length), fills_counted(argument, address, length), buffers...});
  }
  return result;
}

/// One that returns null when it fails.
[[gnu::always_inline]] inline char* checked_pointer(char* result, SystemCall call, const CallBuffer& buffer) {
  if (result == nullptr && errno == EFAULT) [[unlikely]]
    tell_failure(entered(call), {buffer});
  return result;
}

/// One that returns an error number and leaves errno alone.
template <typename... Buffers>
[[gnu::always_inline]] inline int checked_error(int error, SystemCall call, const Buffers&... buffers) {
  if (error == EFAULT) [[unlikely]]
    tell_failure(entered(call), {buffers...});
  return error;
}

/// One that transfers some or all of `buffer`, which is bytes. Only a fence stops the kernel in the middle of
/// it at the begin of a page; other ends look like that once in a while, hence the second look.
[[gnu::always_inline]] inline ssize_t transferred(ssize_t result, SystemCall call, const CallBuffer& buffer) {
  if (result < 0) [[unlikely]]
    return checked(result, call, buffer);
  const auto got = static_cast<Size>(result);
  const bool stopped = got != 0 && got < buffer.count && is_aligned(buffer.address + got, kPageSize);
  if (stopped) [[unlikely]]
    tell_stop(entered(call), CallBuffer(buffer), got);
  return result;
}

/// One that transfers some or all of the memory behind `count` pieces, which are those of `buffer`.
[[gnu::always_inline]] inline ssize_t transferred(ssize_t result, SystemCall call, const CallBuffer& buffer,
                                                  const iovec* pieces, Size count) {
  if (result < 0) return checked(result, call, buffer);
  Size asked = 0;
  for (Size i = 0; i < count; ++i) asked += pieces[i].iov_len;
  const auto got = static_cast<Size>(result);
  if (got != 0 && got < asked) [[unlikely]]
    tell_stop(entered(call), CallBuffer(buffer), got);
  return result;
}

/// One that transfers some or all of `messages`, of which the last may be in part, and forgets why it stopped. All of
/// the next one would have been sent; of what would have been received only the first byte is certain.
[[gnu::always_inline]] inline int transferred_messages(int result, SystemCall call, const CallBuffer& messages) {
  if (result < 0) return checked(result, call, messages);
  const auto got = static_cast<Size>(result);
  if (got != 0) {
    const mmsghdr& last = reinterpret_cast<const mmsghdr*>(messages.address)[got - 1];
    const CallBuffer in_last = header_of(messages, got - 1);
    static_cast<void>(transferred(last.msg_len, call, in_last, last.msg_hdr.msg_iov, last.msg_hdr.msg_iovlen));
  }
  if (got != 0 && got < messages.count) [[unlikely]] {
    const CallBuffer next_one = header_of(messages, got);
    if (messages.access == record::Access::read) {
      tell_failure(entered(call), {next_one});
    } else {
      tell_stop(entered(call), next_one, 0);
    }
  }
  return result;
}

}  // namespace fencepost::runtime
