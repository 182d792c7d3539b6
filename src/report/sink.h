// Where messages go.
#pragma once

#include <string_view>

#include "base/types.h"

namespace fencepost::report {

/// Standard error, or a file. Context: anywhere, signal handlers too.
class Sink {
 public:
  constexpr Sink() = default;

  /// Messages go to the file `path`, in which every `%p` stands for the process id, from now on. It is
  /// opened anew for each message, so that it survives a program that closes all descriptors. `path` must
  /// stay where it is. A file that can't be opened falls back to standard error.
  void set_path(std::string_view path) { path_ = path; }

  /// Writes one message, whole.
  void write(std::string_view message) const;

 private:
  std::string_view path_;
};

}  // namespace fencepost::report
