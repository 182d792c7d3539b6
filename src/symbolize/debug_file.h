// Where debug information lies outside of the file that it describes.
#pragma once

#include <elfutils/libdwfl.h>

#include <string>

#include "symbolize/descriptor.h"

namespace fencepost::symbolize {

/// The directories with separate debug information where a build id names the file, and below which a
/// program's own directory is looked up.
inline constexpr const char* kDebugDirectory = "/usr/lib/debug";

/// How libdwfl looks for debug information: by build id, then by .gnu_debuglink in the file's own directory,
/// in .debug below it and below `directories` (separated by colons), then from the servers of
/// DEBUGINFOD_URLS.
class DebugFileSearch {
 public:
  explicit DebugFileSearch(const std::string& directories);
  DebugFileSearch(const DebugFileSearch&) = delete;
  DebugFileSearch& operator=(const DebugFileSearch&) = delete;

  /// For dwfl_begin; as long-lived as this object.
  [[nodiscard]] const Dwfl_Callbacks* callbacks() const { return &callbacks_; }

 private:
  std::string path_;
  char* path_pointer_;
  Dwfl_Callbacks callbacks_{};
};

/// A file below `directories`, or from the servers of DEBUGINFOD_URLS, that has this build id: the debug
/// information of a module whose own file is gone, or a copy of it.
[[nodiscard]] Descriptor find_by_build_id(const std::string& build_id, const std::string& directories);

}  // namespace fencepost::symbolize
