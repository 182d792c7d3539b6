// What unit tests of every floor need: children in which things may end badly, and files that vanish.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::test {

/// How a child ended.
class ChildEnd {
 public:
  explicit ChildEnd(int status) : status_(status) {}

  [[nodiscard]] bool exited_with(int code) const { return WIFEXITED(status_) && WEXITSTATUS(status_) == code; }
  [[nodiscard]] bool died_of(int signal) const { return WIFSIGNALED(status_) && WTERMSIG(status_) == signal; }
  /// SIGSEGV or SIGBUS.
  [[nodiscard]] bool died_of_fault() const;

 private:
  int status_;
};

namespace detail {
[[nodiscard]] pid_t start_child();
[[nodiscard]] ChildEnd wait_for(pid_t child);
[[nodiscard]] void* map_shared(Size bytes);
void unmap_shared(void* memory, Size bytes);
}  // namespace detail

/// Runs `body` in a forked child, which exits with 0 after it, and waits. The child has the default actions
/// for fatal signals, leaves no core, and is killed if it hangs. No Catch assertion may be used in `body`.
template <typename Body>
ChildEnd in_child(Body body) {
  const pid_t child = detail::start_child();
  if (child == 0) {
    [&]() noexcept { body(); }();
    _exit(0);
  }
  return detail::wait_for(child);
}

/// Runs `check` in a child: true if it returned true there.
template <typename Check>
bool holds_in_child(Check check) {
  return in_child([&] { _exit(check() ? 0 : 1); }).exited_with(0);
}

/// Makes faults in this child, or process, fall out of os::attempt; a fault outside of one exits with 99.
void catch_faults_in_attempts();

/// Lets this child's address space grow by `more` bytes and no further. False if the kernel refuses.
[[nodiscard]] bool limit_address_space(Size more);

/// The same for its writable memory.
[[nodiscard]] bool limit_data(Size more);

/// A sandbox that was set up late: from now on the system call `number` of this child fails with EPERM.
[[nodiscard]] bool forbid_system_call(unsigned number);

/// A value that a child writes and its parent reads.
template <typename T>
class Shared {
 public:
  Shared() : value_(new (detail::map_shared(sizeof(T))) T{}) {}
  ~Shared() { detail::unmap_shared(value_, sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  T* operator->() { return value_; }
  T& operator*() { return *value_; }

 private:
  T* value_;
};

/// True if a load, or a store, at `address` faults. Tried in a child.
[[nodiscard]] bool load_faults(Address address);
[[nodiscard]] bool store_faults(Address address);

/// Which pages of `range`, which are whole, are in memory: by /proc/self/pagemap, because mincore(2) takes markers of
/// guard regions for pages.
[[nodiscard]] std::vector<bool> resident_pages(Range range);

/// Of the process, in bytes.
[[nodiscard]] Size resident_bytes();

/// A byte of memory that the compiler knows nothing about, not even that its address is nonsense.
[[nodiscard]] inline volatile char& byte_at(Address address) {
  asm("" : "+r"(address));
  return *reinterpret_cast<volatile char*>(address);
}
[[nodiscard]] inline Address address_of(const volatile void* pointer) { return reinterpret_cast<Address>(pointer); }

/// An empty file with a name of its own, removed at the end of the scope.
class TempFile {
 public:
  explicit TempFile(std::string_view contents = {});
  ~TempFile();
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string contents() const;

 private:
  std::string path_;
};

/// All of a file, or "" if it can't be read.
[[nodiscard]] std::string read_file(const std::string& path);

/// Files of this process that are open now, as "number -> name" lines.
[[nodiscard]] std::string open_descriptors();

}  // namespace fencepost::test
