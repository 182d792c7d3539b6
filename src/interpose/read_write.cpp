// The functions that transfer bytes of the program's through descriptors.
#include <sys/random.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/export.h"
#include "interpose/fortified.h"
#include "runtime/system_calls.h"

using fencepost::interpose::within;
using fencepost::record::SystemCall;
using namespace fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT_WEAK ssize_t read(int descriptor, void* buffer, size_t size) {
  const ssize_t result = next<decltype(read)>(SystemCall::read)(descriptor, buffer, size);
  return transferred(result, SystemCall::read, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __read_chk(int descriptor, void* buffer, size_t size, size_t room) {
  const ssize_t result = next<decltype(read)>(SystemCall::read)(descriptor, buffer, within(room, size));
  return transferred(result, SystemCall::read, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t write(int descriptor, const void* buffer, size_t size) {
  const ssize_t result = next<decltype(write)>(SystemCall::write)(descriptor, buffer, size);
  return transferred(result, SystemCall::write, reads(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t pread(int descriptor, void* buffer, size_t size, off_t offset) {
  const ssize_t result = next<decltype(pread)>(SystemCall::pread)(descriptor, buffer, size, offset);
  return transferred(result, SystemCall::pread, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t pread64(int descriptor, void* buffer, size_t size, off64_t offset) {
  const ssize_t result = next<decltype(pread)>(SystemCall::pread)(descriptor, buffer, size, offset);
  return transferred(result, SystemCall::pread, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __pread_chk(int descriptor, void* buffer, size_t size, off_t offset, size_t room) {
  const ssize_t result = next<decltype(pread)>(SystemCall::pread)(descriptor, buffer, within(room, size), offset);
  return transferred(result, SystemCall::pread, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t __pread64_chk(int descriptor, void* buffer, size_t size, off64_t offset, size_t room) {
  const ssize_t result = next<decltype(pread)>(SystemCall::pread)(descriptor, buffer, within(room, size), offset);
  return transferred(result, SystemCall::pread, fills(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t pwrite(int descriptor, const void* buffer, size_t size, off_t offset) {
  const ssize_t result = next<decltype(pwrite)>(SystemCall::pwrite)(descriptor, buffer, size, offset);
  return transferred(result, SystemCall::pwrite, reads(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t pwrite64(int descriptor, const void* buffer, size_t size, off64_t offset) {
  const ssize_t result = next<decltype(pwrite)>(SystemCall::pwrite)(descriptor, buffer, size, offset);
  return transferred(result, SystemCall::pwrite, reads(2, buffer, size));
}

FENCEPOST_EXPORT_WEAK ssize_t readv(int descriptor, const iovec* vector, int count) {
  const ssize_t result = next<decltype(readv)>(SystemCall::readv)(descriptor, vector, count);
  return transferred(result, SystemCall::readv, fills_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t writev(int descriptor, const iovec* vector, int count) {
  const ssize_t result = next<decltype(writev)>(SystemCall::writev)(descriptor, vector, count);
  return transferred(result, SystemCall::writev, reads_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t preadv(int descriptor, const iovec* vector, int count, off_t offset) {
  const ssize_t result = next<decltype(preadv)>(SystemCall::preadv)(descriptor, vector, count, offset);
  return transferred(result, SystemCall::preadv, fills_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t preadv64(int descriptor, const iovec* vector, int count, off64_t offset) {
  const ssize_t result = next<decltype(preadv)>(SystemCall::preadv)(descriptor, vector, count, offset);
  return transferred(result, SystemCall::preadv, fills_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t pwritev(int descriptor, const iovec* vector, int count, off_t offset) {
  const ssize_t result = next<decltype(pwritev)>(SystemCall::pwritev)(descriptor, vector, count, offset);
  return transferred(result, SystemCall::pwritev, reads_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t pwritev64(int descriptor, const iovec* vector, int count, off64_t offset) {
  const ssize_t result = next<decltype(pwritev)>(SystemCall::pwritev)(descriptor, vector, count, offset);
  return transferred(result, SystemCall::pwritev, reads_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t preadv2(int descriptor, const iovec* vector, int count, off_t offset, int flags) {
  const ssize_t result = next<decltype(preadv2)>(SystemCall::preadv2)(descriptor, vector, count, offset, flags);
  return transferred(result, SystemCall::preadv2, fills_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t preadv64v2(int descriptor, const iovec* vector, int count, off64_t offset, int flags) {
  const ssize_t result = next<decltype(preadv2)>(SystemCall::preadv2)(descriptor, vector, count, offset, flags);
  return transferred(result, SystemCall::preadv2, fills_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t pwritev2(int descriptor, const iovec* vector, int count, off_t offset, int flags) {
  const ssize_t result = next<decltype(pwritev2)>(SystemCall::pwritev2)(descriptor, vector, count, offset, flags);
  return transferred(result, SystemCall::pwritev2, reads_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t pwritev64v2(int descriptor, const iovec* vector, int count, off64_t offset, int flags) {
  const ssize_t result = next<decltype(pwritev2)>(SystemCall::pwritev2)(descriptor, vector, count, offset, flags);
  return transferred(result, SystemCall::pwritev2, reads_through(2, vector, count), vector, count);
}

FENCEPOST_EXPORT_WEAK ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  const ssize_t result = next<decltype(getrandom)>(SystemCall::getrandom)(buffer, size, flags);
  return transferred(result, SystemCall::getrandom, fills(1, buffer, size));
}

FENCEPOST_EXPORT_WEAK int getentropy(void* buffer, size_t size) {
  const int result = next<decltype(getentropy)>(SystemCall::getentropy)(buffer, size);
  return checked(result, SystemCall::getentropy, fills(1, buffer, size));
}

}  // extern "C"
