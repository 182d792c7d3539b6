#include "runtime/descriptor_calls.h"

#include <cerrno>

#include "os/descriptors.h"
#include "os/errno_scope.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

[[nodiscard]] int own_descriptor() { return instance().heap().descriptor(); }

void make_room(int to) {
  if (to < 0 || to != own_descriptor()) return;
  const os::ErrnoScope errno_scope;
  instance().heap().leave_descriptor_number();
}

}  // namespace

int call_close(int descriptor) {
  if (descriptor < 0 || descriptor != own_descriptor()) return os::next_close(descriptor);
  errno = EBADF;
  return -1;
}

int call_close_range(unsigned first, unsigned last, int flags) {
  const int own = own_descriptor();
  const auto number = static_cast<unsigned>(own);
  if (own < 0 || number < first || number > last) return os::kernel_close_range(first, last, flags);
  if (number > first && os::kernel_close_range(first, number - 1, flags) != 0) return -1;
  return number < last ? os::kernel_close_range(number + 1, last, flags) : 0;
}

void call_closefrom(int lowest) {
  const os::ErrnoScope errno_scope;
  const unsigned first = lowest < 0 ? 0 : static_cast<unsigned>(lowest);
  if (call_close_range(first, ~0u, 0) == 0) return;
  // Before Linux 5.9 there is no such call: one by one, as libc does.
  for (int descriptor = static_cast<int>(first); descriptor < os::descriptor_limit(); ++descriptor) {
    static_cast<void>(call_close(descriptor));
  }
}

int call_dup2(int from, int to) {
  make_room(to);
  return os::kernel_dup2(from, to);
}

int call_dup3(int from, int to, int flags) {
  make_room(to);
  return os::kernel_dup3(from, to, flags);
}

}  // namespace fencepost::runtime
