// Where the processes of a run write their findings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace fencepost::cli {

/// One file in a directory of its own, which is removed with this object. All processes append to it: each
/// finding is one write, so none is mixed with another.
class FindingsFile {
 public:
  /// Throws std::system_error if there is no directory that can be written to.
  FindingsFile();
  ~FindingsFile();
  FindingsFile(const FindingsFile&) = delete;
  FindingsFile& operator=(const FindingsFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// A file beside it in which the processes count their allocations (the option progress_path).
  [[nodiscard]] std::filesystem::path progress_path() const { return directory_ / "allocations"; }
  /// How many they have counted by now.
  [[nodiscard]] std::uint64_t allocations() const;

  /// How many findings it holds by now. Reads only what is new since the last call.
  [[nodiscard]] std::uint64_t count();

 private:
  std::filesystem::path directory_;
  std::filesystem::path path_;
  std::uint64_t counted_bytes_ = 0;
  std::uint64_t counted_ = 0;
};

}  // namespace fencepost::cli
