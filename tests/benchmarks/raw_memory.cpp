#include "raw_memory.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

// What headers older than Linux 6.8 or 6.13 lack.
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef UFFDIO_MOVE
struct uffdio_move {
  std::uint64_t dst, src, len, mode;
  std::int64_t move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFDIO_MOVE_MODE_DONTWAKE 1
#endif
#ifndef UFFD_FEATURE_MOVE
#define UFFD_FEATURE_MOVE (1 << 16)
#endif

namespace fencepost::benchmarks {

namespace {

alignas(kPage) char zero_page[kPage];

std::uintptr_t number(const char* address) { return reinterpret_cast<std::uintptr_t>(address); }

/// What a system call that returns -1 on failure said.
std::error_code outcome(long result) { return {result == -1 ? errno : 0, std::generic_category()}; }

std::error_code register_missing(int descriptor, const Reservation& arena) {
  uffdio_api api{UFFD_API, UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MOVE, 0};
  if (const auto error = outcome(ioctl(descriptor, UFFDIO_API, &api))) return error;
  uffdio_register range{{number(arena.begin()), arena.size()}, UFFDIO_REGISTER_MODE_MISSING, 0};
  return outcome(ioctl(descriptor, UFFDIO_REGISTER, &range));
}

}  // namespace

Reservation::Reservation(std::size_t bytes, int protection) : size_(bytes) {
  void* const mapped = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) {
    error_ = outcome(-1);
    return;
  }
  begin_ = static_cast<char*>(mapped);
  error_ = outcome(madvise(mapped, bytes, MADV_NOHUGEPAGE));
}

Reservation::~Reservation() {
  if (begin_ != nullptr) munmap(begin_, size_);
}

Userfault::Userfault(const Reservation& arena)
    : descriptor_(static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY))),
      error_(outcome(descriptor_)) {
  if (!error_) error_ = register_missing(descriptor_, arena);
}

Userfault::~Userfault() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::error_code Userfault::populate(char* page) const {
  uffdio_copy copy{number(page), number(zero_page), kPage, UFFDIO_COPY_MODE_DONTWAKE, 0};
  return outcome(ioctl(descriptor_, UFFDIO_COPY, &copy));
}

std::error_code Userfault::move(char* to, char* from) const {
  uffdio_move move{number(to), number(from), kPage, UFFDIO_MOVE_MODE_DONTWAKE, 0};
  return outcome(ioctl(descriptor_, UFFDIO_MOVE, &move));
}

std::error_code protect(char* page, int protection) { return outcome(mprotect(page, kPage, protection)); }

std::error_code install_guard(char* page) { return outcome(madvise(page, kPage, MADV_GUARD_INSTALL)); }

std::error_code discard(char* page) { return outcome(madvise(page, kPage, MADV_DONTNEED)); }

Discarder::Discarder() : process_(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0))), error_(outcome(process_)) {}

Discarder::~Discarder() {
  if (process_ >= 0) close(process_);
}

std::error_code Discarder::discard(std::span<char* const> pages) const {
  std::array<iovec, kMost> ranges;
  for (std::size_t i = 0; i < pages.size(); ++i) ranges[i] = {pages[i], kPage};
  return outcome(syscall(SYS_process_madvise, process_, ranges.data(), pages.size(), MADV_DONTNEED, 0));
}

}  // namespace fencepost::benchmarks
