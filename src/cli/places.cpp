#include "cli/places.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace fencepost::cli {

namespace fs = std::filesystem;

fs::path find_library() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& candidate : {here / "libfencepost.so", here / ".." / FENCEPOST_LIBDIR / "libfencepost.so"}) {
    if (fs::exists(candidate, error)) return fs::weakly_canonical(candidate, error);
  }
  return {};
}

fs::path find_program(const std::string& name) {
  std::error_code error;
  if (name.find('/') != std::string::npos) return fs::exists(name, error) ? fs::path(name) : fs::path();
  std::istringstream directories(environment("PATH"));
  for (std::string directory; std::getline(directories, directory, ':');) {
    const fs::path candidate = fs::path(directory.empty() ? "." : directory) / name;
    if (fs::is_regular_file(candidate, error) && access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string preloading(const fs::path& library) {
  const std::string before = environment("LD_PRELOAD");
  return before.empty() ? library.string() : library.string() + ":" + before;
}

}  // namespace fencepost::cli
