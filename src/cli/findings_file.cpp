#include "cli/findings_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

#include "cli/places.h"
#include "options/options.h"

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPattern = "/fencepost-XXXXXX";
constexpr const char* kName = "/findings.jsonl";

/// A new file. Programs that root starts may become somebody else, and are to use it still: they get `for_others` then.
/// Nobody can list the directory, and its name is told only to them.
void create(const fs::path& path, std::string_view content, mode_t for_others) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) throw std::system_error(errno, std::generic_category(), path);
  const bool written = write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (geteuid() == 0) fchmod(file, 0600 | for_others);
  close(file);
  if (!written) throw std::system_error(errno, std::generic_category(), path);
}

/// TMPDIR, if its name can be the value of an option: ':' ends one there, and '%' may begin something else.
std::string parent_directory() {
  const std::string wanted = environment("TMPDIR");
  const bool fits = wanted.size() + 64 <= options::Text::kCapacity;
  const bool plain = wanted.starts_with('/') && wanted.find_first_of(":%") == std::string::npos;
  return fits && plain && access(wanted.c_str(), W_OK | X_OK) == 0 ? wanted : "/tmp";
}

}  // namespace

FindingsFile::FindingsFile() {
  std::string directory = parent_directory() + kPattern;
  if (mkdtemp(directory.data()) == nullptr) throw std::system_error(errno, std::generic_category(), directory);
  directory_ = directory;
  path_ = directory + kName;
  create(path_, "", 0022);
  create(progress_path(), std::string(sizeof(std::uint64_t), '\0'), 0066);
  if (geteuid() == 0) chmod(directory_.c_str(), 0711);
}

FindingsFile::~FindingsFile() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::uint64_t FindingsFile::allocations() const {
  std::uint64_t count = 0;
  std::ifstream file(progress_path(), std::ios::binary);
  file.read(reinterpret_cast<char*>(&count), sizeof count);
  return count;
}

std::uint64_t FindingsFile::count() {
  std::ifstream file(path_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(counted_bytes_));
  std::array<char, 65536> buffer;
  while (file) {
    file.read(buffer.data(), buffer.size());
    const auto n = file.gcount();
    counted_ += static_cast<std::uint64_t>(std::count(buffer.begin(), buffer.begin() + n, '\n'));
    counted_bytes_ += static_cast<std::uint64_t>(n);
  }
  return counted_;
}

}  // namespace fencepost::cli
