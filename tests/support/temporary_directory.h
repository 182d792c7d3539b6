// A directory that is gone with its owner.
#pragma once

#include <filesystem>

namespace fencepost::support {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The whole content; empty if there is no such file.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace fencepost::support
