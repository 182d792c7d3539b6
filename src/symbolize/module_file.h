// Which file a frame lies in, as the process that died knew it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace fencepost::symbolize {

/// What is 0 or empty is not known.
struct ModuleFile {
  std::string path;
  std::string build_id;  ///< lower-case hexadecimal digits
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  ///< bytes
  std::int64_t mtime = 0;  ///< seconds since 1970, UTC

  auto operator<=>(const ModuleFile&) const = default;
};

}  // namespace fencepost::symbolize
