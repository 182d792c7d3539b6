// The functions of stdio that let the kernel work on the program's buffer itself when it is large: the others
// copy, and fault like any access.
#include <cstdio>

#include "base/export.h"
#include "interpose/fortified.h"
#include "runtime/stream_calls.h"

using fencepost::interpose::items_within;
using fencepost::record::SystemCall;
using namespace fencepost::runtime;

extern "C" {

FENCEPOST_EXPORT_WEAK size_t fread(void* buffer, size_t size, size_t count, FILE* stream) {
  const size_t result = next<decltype(fread)>(SystemCall::fread)(buffer, size, count, stream);
  return checked_items(result, count, stream, SystemCall::fread, fills(1, buffer, items(size, count)));
}

FENCEPOST_EXPORT_WEAK size_t fread_unlocked(void* buffer, size_t size, size_t count, FILE* stream) {
  const size_t result = next<decltype(fread)>(SystemCall::fread_unlocked)(buffer, size, count, stream);
  return checked_items(result, count, stream, SystemCall::fread_unlocked, fills(1, buffer, items(size, count)));
}

FENCEPOST_EXPORT_WEAK size_t __fread_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream) {
  const size_t result = next<decltype(fread)>(SystemCall::fread)(buffer, size, items_within(room, size, count), stream);
  return checked_items(result, count, stream, SystemCall::fread, fills(1, buffer, items(size, count)));
}

FENCEPOST_EXPORT_WEAK size_t __fread_unlocked_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream) {
  const size_t result =
      next<decltype(fread)>(SystemCall::fread_unlocked)(buffer, size, items_within(room, size, count), stream);
  return checked_items(result, count, stream, SystemCall::fread_unlocked, fills(1, buffer, items(size, count)));
}

FENCEPOST_EXPORT_WEAK size_t fwrite(const void* buffer, size_t size, size_t count, FILE* stream) {
  const size_t result = next<decltype(fwrite)>(SystemCall::fwrite)(buffer, size, count, stream);
  return checked_items(result, count, stream, SystemCall::fwrite, reads(1, buffer, items(size, count)));
}

FENCEPOST_EXPORT_WEAK size_t fwrite_unlocked(const void* buffer, size_t size, size_t count, FILE* stream) {
  const size_t result = next<decltype(fwrite)>(SystemCall::fwrite_unlocked)(buffer, size, count, stream);
  return checked_items(result, count, stream, SystemCall::fwrite_unlocked, reads(1, buffer, items(size, count)));
}

}  // extern "C"
