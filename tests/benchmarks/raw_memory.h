// Memory straight from the kernel, for the floor: no allocator is involved. Every failure is an errno, as an
// std::error_code that converts to true.
#pragma once

#include <cstddef>
#include <span>
#include <system_error>

namespace fencepost::benchmarks {

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kSlot = 2 * kPage;  ///< one page of data, one fence

/// Address space of its own, without huge pages, given back at the end.
class Reservation {
 public:
  Reservation(std::size_t bytes, int protection);
  ~Reservation();
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  [[nodiscard]] std::error_code error() const { return error_; }
  [[nodiscard]] char* begin() const { return begin_; }
  [[nodiscard]] char* slot(std::size_t i) const { return begin_ + i * kSlot; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  char* begin_ = nullptr;
  std::size_t size_;
  std::error_code error_;
};

/// A userfaultfd that makes the missing pages of a reservation fault.
class Userfault {
 public:
  explicit Userfault(const Reservation& arena);
  ~Userfault();
  Userfault(const Userfault&) = delete;
  Userfault& operator=(const Userfault&) = delete;

  [[nodiscard]] std::error_code error() const { return error_; }
  /// Puts a zeroed page at `page`.
  [[nodiscard]] std::error_code populate(char* page) const;
  [[nodiscard]] std::error_code move(char* to, char* from) const;

 private:
  int descriptor_ = -1;
  std::error_code error_;
};

[[nodiscard]] std::error_code protect(char* page, int protection);
/// Makes the page fault by a page table marker (Linux 6.13).
[[nodiscard]] std::error_code install_guard(char* page);
[[nodiscard]] std::error_code discard(char* page);

/// Discards many pages of this process with one call, and so with one flush of the other processors.
class Discarder {
 public:
  Discarder();
  ~Discarder();
  Discarder(const Discarder&) = delete;
  Discarder& operator=(const Discarder&) = delete;

  [[nodiscard]] std::error_code error() const { return error_; }
  [[nodiscard]] std::error_code discard(std::span<char* const> pages) const;

  static constexpr std::size_t kMost = 64;

 private:
  int process_;
  std::error_code error_;
};

inline void touch(char* page) { *static_cast<volatile char*>(page) = 1; }

}  // namespace fencepost::benchmarks
