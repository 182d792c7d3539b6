// What file a module was loaded from.
#pragma once

#include "base/types.h"
#include "os/modules.h"

namespace fencepost::os {

/// The note that linkers name a build by (NT_GNU_BUILD_ID).
struct BuildId {
  static constexpr Size kCapacity = 32;  ///< of a SHA-1, which is usual, 20 are used

  std::uint8_t bytes[kCapacity] = {};
  Size size = 0;  ///< 0: there is none, or one that is longer

  friend bool operator==(const BuildId&, const BuildId&) = default;
};

/// Read from the memory of a loaded module, so that it is that of the code that runs, whatever became of the file.
/// Context: anywhere, once the fault handler is installed.
[[nodiscard]] BuildId read_build_id(const Module& module);

/// What tells a file from another that takes its place.
struct FileStatus {
  std::uint64_t inode = 0;
  std::uint64_t size = 0;              ///< in bytes
  std::int64_t modification_time = 0;  ///< seconds since 1970

  friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

/// False if there is no such file. `path` is zero-terminated. Context: anywhere.
[[nodiscard]] bool read_file_status(const char* path, FileStatus& status);

}  // namespace fencepost::os
