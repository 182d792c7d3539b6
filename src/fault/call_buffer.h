// The memory that a program hands to a system call, held against the heap.
#pragma once

#include <span>

#include "base/range.h"
#include "metadata/heap_view.h"
#include "record/fault_record.h"

namespace fencepost::fault {

/// One argument of a system call: where it points and what the kernel does there.
struct CallBuffer {
  enum class Shape : std::uint8_t {
    bytes,     ///< `count` bytes
    string,    ///< up to its terminating zero
    vector,    ///< `count` struct iovec, which the kernel reads; `access` is to what they point at
    message,   ///< a struct msghdr, likewise
    messages,  ///< `count` struct mmsghdr, likewise
  };

  std::uint8_t argument;  ///< counted from 1
  Shape shape;
  record::Access access;
  Address address;
  Size count;
};

/// What is wrong with a buffer.
struct BadBuffer {
  std::uint8_t argument = 0;  ///< 0: nothing
  record::Access access = record::Access::unknown;
  Address address = 0;  ///< the first byte behind a fence
  Range buffer;         ///< the piece of memory it belongs to

  [[nodiscard]] constexpr bool found() const { return argument != 0; }
};

/// The first byte of `buffers` that is behind a fence, for a call that failed with EFAULT or left all of them.
///
/// Memory that they point to through other memory is read as far as it can be. Context: anywhere, once the
/// fault handler is installed.
[[nodiscard]] BadBuffer find_bad_buffer(const metadata::HeapView& heap, std::span<const CallBuffer> buffers);

/// The byte of `buffer` that the kernel would have used next after `transferred` bytes, if that one is behind a fence.
/// A transfer that merely found no more to transfer, at exactly that byte, looks the same: then the length was wrong
/// all the same. `buffer` is bytes, a vector or a message. Context: as above.
[[nodiscard]] BadBuffer find_stop(const metadata::HeapView& heap, const CallBuffer& buffer, Size transferred);

}  // namespace fencepost::fault
