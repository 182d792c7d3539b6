#include "fault/call_buffer.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <climits>
#include <cstring>

#include "os/attempt.h"

namespace fencepost::fault {

namespace {

using metadata::HeapView;
using record::Access;
using Shape = CallBuffer::Shape;

/// A length may be anything.
Range range_of(Address begin, Size size) { return {begin, begin + std::min(size, ~Address{0} - begin)}; }

Range range_of(const iovec& piece) { return range_of(reinterpret_cast<Address>(piece.iov_base), piece.iov_len); }

/// The program's own structures may be anywhere, and in another thread's hands.
template <typename T>
bool copy(Address from, T& to) {
  return os::attempt([&] { std::memcpy(&to, reinterpret_cast<const void*>(from), sizeof to); });
}

/// Calls `each(range)` for the memory behind an array of iovec until it returns false; false if it did.
template <typename Each>
bool for_each_piece(Address vector, Size count, Each each) {
  for (Size i = 0; i < std::min<Size>(count, IOV_MAX); ++i) {
    iovec piece;
    if (!copy(vector + i * sizeof piece, piece)) return true;
    if (!each(range_of(piece))) return false;
  }
  return true;
}

class Search {
 public:
  explicit Search(const HeapView& heap) : heap_(heap) {}

  BadBuffer in(const CallBuffer& buffer) {
    argument_ = buffer.argument;
    const Address at = buffer.address;
    switch (buffer.shape) {
      case Shape::bytes: static_cast<void>(bytes(range_of(at, buffer.count), buffer.access)); break;
      case Shape::string: string(at); break;
      case Shape::vector: static_cast<void>(vector(at, buffer.count, buffer.access)); break;
      case Shape::message: static_cast<void>(message(at, buffer.access)); break;
      case Shape::messages: messages(at, buffer.count, buffer.access); break;
    }
    return found_;
  }

 private:
  /// Each of these returns false if it found something.
  bool bytes(Range range, Access access) {
    const Address bad = heap_.first_fenced(range);
    if (bad == 0) return true;
    found_ = {argument_, access, bad, range};
    return false;
  }

  bool vector(Address at, Size count, Access access) {
    if (!bytes(range_of(at, std::min<Size>(count, IOV_MAX) * sizeof(iovec)), Access::read)) return false;
    return for_each_piece(at, count, [&](Range piece) { return bytes(piece, access); });
  }

  bool message(Address at, Access access) {
    msghdr header;
    if (!bytes(range_of(at, sizeof header), Access::read)) return false;
    if (!copy(at, header)) return true;
    return bytes(range_of(reinterpret_cast<Address>(header.msg_name), header.msg_namelen), access) &&
           vector(reinterpret_cast<Address>(header.msg_iov), header.msg_iovlen, access) &&
           bytes(range_of(reinterpret_cast<Address>(header.msg_control), header.msg_controllen), access);
  }

  void messages(Address at, Size count, Access access) {
    for (Size i = 0; i < std::min<Size>(count, IOV_MAX); ++i, at += sizeof(mmsghdr)) {
      if (!bytes(range_of(at, sizeof(mmsghdr)), Access::read) || !message(at, access)) return;
    }
  }

  /// Its length is not known: it ends at a zero, or at the end of the pages that hold it.
  void string(Address at) {
    const Address end = heap_.end_of_open(at);
    if (end == 0) return static_cast<void>(bytes({at, at + 1}, Access::read));
    bool terminated = true;
    const bool readable =
        os::attempt([&] { terminated = std::memchr(reinterpret_cast<const void*>(at), 0, end - at) != nullptr; });
    if (readable && !terminated) static_cast<void>(bytes({at, end + 1}, Access::read));
  }

  const HeapView& heap_;
  std::uint8_t argument_ = 0;
  BadBuffer found_;
};

}  // namespace

BadBuffer find_bad_buffer(const HeapView& heap, std::span<const CallBuffer> buffers) {
  for (const CallBuffer& buffer : buffers) {
    const BadBuffer bad = Search(heap).in(buffer);
    if (bad.found()) return bad;
  }
  return {};
}

BadBuffer find_stop(const HeapView& heap, const CallBuffer& buffer, Size transferred) {
  BadBuffer bad;
  Size left = transferred;
  const auto look = [&](Range piece) {
    if (left >= piece.size()) {
      left -= piece.size();
      return true;
    }
    const Address next = piece.begin + left;
    if (heap.is_fenced(next)) bad = {buffer.argument, buffer.access, next, piece};
    return false;
  };
  switch (buffer.shape) {
    case Shape::bytes: static_cast<void>(look(range_of(buffer.address, buffer.count))); break;
    case Shape::vector: static_cast<void>(for_each_piece(buffer.address, buffer.count, look)); break;
    case Shape::message: {
      msghdr header;
      if (!copy(buffer.address, header)) break;
      static_cast<void>(for_each_piece(reinterpret_cast<Address>(header.msg_iov), header.msg_iovlen, look));
      break;
    }
    case Shape::string: [[fallthrough]];
    case Shape::messages: break;
  }
  return bad;
}

}  // namespace fencepost::fault
