// Files, by system calls alone: no stdio, no allocation, nothing that the program could have interposed.
#pragma once

#include <string_view>

#include "base/range.h"
#include "base/types.h"

namespace fencepost::os {

inline constexpr int kStandardError = 2;

/// Writes all of `text`, going on after interruptions and short writes, and waiting for a second at most while a
/// descriptor that does not block takes no more. False if the descriptor is closed, or its file can't grow. Raises no
/// signal. Context: anywhere.
bool write_all(int descriptor, std::string_view text);

/// What file a descriptor stands for, to notice that its number was given to another.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// False if the descriptor is closed. Context: anywhere.
[[nodiscard]] bool identify(int descriptor, FileIdentity& identity);

/// A second descriptor for the same file, out of the way of the low numbers, closed on exec; or -1.
[[nodiscard]] int duplicate_high(int descriptor);

/// A file opened for reading, closed at the end of the scope. Context: anywhere.
class File {
 public:
  explicit File(const char* path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  /// Bytes read; 0 at the end and on errors.
  [[nodiscard]] Size read(char* buffer, Size capacity);
  /// The file from here on, as much of it as there is room for: `size` bytes. False if it can't be read.
  [[nodiscard]] bool read_all(char* buffer, Size capacity, Size& size);
  /// The whole file mapped read-only, or an empty range. The mapping outlives the File; `give_back` ends it.
  [[nodiscard]] Range map() const;

 private:
  [[nodiscard]] long read_some(char* buffer, Size capacity);

  int descriptor_;
};

/// The decimal number that a /proc or /sys file begins with, or 0.
[[nodiscard]] std::uint64_t read_number_file(const char* path);

/// Opens a file for appending, creating it readable and writable for its owner alone; never follows a
/// symbolic link as its last step. The descriptor, or -1. Context: anywhere.
[[nodiscard]] int open_for_appending(const char* path);
/// The same of a file that is there already.
[[nodiscard]] int open_existing_for_appending(const char* path);

void close_descriptor(int descriptor);

/// True if somebody reads it on a terminal. Context: anywhere.
[[nodiscard]] bool is_terminal(int descriptor);

}  // namespace fencepost::os
