#include "runtime/sandbox_calls.h"

#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>

#include "os/direct_call.h"
#include "os/sandbox_filter.h"
#include "runtime/runtime.h"

namespace fencepost::runtime {

namespace {

constexpr Address kOpen = PROT_READ | PROT_WRITE;
constexpr Address kPrivate = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

/// What one or the other engine asks of the kernel, and memory of our own. A filter may tell calls by their arguments.
constexpr os::SystemCall kGuarding[] = {
    {SYS_ioctl, {1023, 0xc028aa05}},  // UFFDIO_MOVE
    {SYS_madvise, {kPageSize, kPageSize, MADV_DONTNEED}},
    {SYS_process_madvise, {kPageSize, 1, MADV_DONTNEED}},
    {SYS_mprotect, {kPageSize, kPageSize, PROT_NONE}},
    {SYS_mprotect, {kPageSize, kPageSize, kOpen}},
    {SYS_mmap, {kPageSize, kPageSize, PROT_NONE, kPrivate | MAP_FIXED, ~Address{0}}},
    {SYS_mremap, {kPageSize, kPageSize, kPageSize, MREMAP_MAYMOVE | MREMAP_FIXED}},
};

bool leaves_guarding(const sock_fprog& filter) {
  const bool has_descriptor = instance().heap().descriptor() >= 0;
  for (const os::SystemCall& call : kGuarding) {
    if (call.number == SYS_ioctl && !has_descriptor) continue;
    if (!os::is_survived(filter, call)) return false;
  }
  return true;
}

enum class Mode { none, strict, filter };

/// What prctl(PR_SET_SECCOMP, mode, filter) or seccomp(operation, flags, filter) asks for.
Mode mode_of(long number, const Address (&arguments)[6]) {
  const bool by_prctl = number == SYS_prctl && arguments[0] == PR_SET_SECCOMP;
  if (by_prctl && arguments[1] == SECCOMP_MODE_STRICT) return Mode::strict;
  if (by_prctl && arguments[1] == SECCOMP_MODE_FILTER) return Mode::filter;
  if (number == SYS_seccomp && arguments[0] == SECCOMP_SET_MODE_STRICT) return Mode::strict;
  if (number == SYS_seccomp && arguments[0] == SECCOMP_SET_MODE_FILTER) return Mode::filter;
  return Mode::none;
}

/// True of calls that set no filter, too.
bool leaves_guarding(long number, const Address (&arguments)[6]) {
  const Mode mode = mode_of(number, arguments);
  // Programs ask with a null pointer whether there are filters at all.
  if (mode == Mode::none || (mode == Mode::filter && arguments[2] == 0)) return true;
  return mode == Mode::filter && leaves_guarding(*reinterpret_cast<const sock_fprog*>(arguments[2]));
}

}  // namespace

long call_filtering(long number, const Address (&arguments)[6]) {
  if (!leaves_guarding(number, arguments)) instance().stand_down();
  const long result = os::direct_call(number, arguments);
  if (result >= 0 || result < -4095) return result;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace fencepost::runtime
