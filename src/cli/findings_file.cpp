#include "cli/findings_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "cli/places.h"
#include "options/options.h"

namespace fencepost::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPattern = "/fencepost-XXXXXX";
constexpr const char* kName = "/findings.jsonl";

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
  const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) throw std::system_error(errno, std::generic_category(), path_);
  // Programs that root starts may become somebody else, and then find something. Nobody can list the directory,
  // and its name is told only to them.
  if (geteuid() == 0) {
    chmod(directory_.c_str(), 0711);
    fchmod(file, 0622);
  }
  close(file);
}

FindingsFile::~FindingsFile() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
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
