#include "cli/findings_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>

using fencepost::cli::FindingsFile;
namespace fs = std::filesystem;

namespace {

void append(const FindingsFile& file, const std::string& text) {
  std::ofstream(file.path(), std::ios::app | std::ios::binary) << text;
}

/// Sets TMPDIR for a while.
class Tmpdir {
 public:
  explicit Tmpdir(const char* value)
      : had_(std::getenv("TMPDIR") != nullptr), before_(had_ ? std::getenv("TMPDIR") : "") {
    setenv("TMPDIR", value, 1);
  }
  ~Tmpdir() { had_ ? setenv("TMPDIR", before_.c_str(), 1) : unsetenv("TMPDIR"); }

 private:
  bool had_;
  std::string before_;
};

}  // namespace

TEST_CASE("the file is empty at first, and gone with its directory at the end", "[cli]") {
  fs::path path;
  {
    FindingsFile file;
    path = file.path();
    CHECK(fs::file_size(path) == 0);
    CHECK(file.count() == 0);
    CHECK(file.allocations() == 0);
    // Others may go through the directory at most, not list it.
    CHECK((fs::status(path.parent_path()).permissions() & (fs::perms::group_read | fs::perms::others_read)) ==
          fs::perms::none);
    CHECK((fs::status(path).permissions() & (fs::perms::group_read | fs::perms::others_read)) == fs::perms::none);
  }
  CHECK_FALSE(fs::exists(path.parent_path()));
}

TEST_CASE("allocations are what processes have counted in a file beside it", "[cli]") {
  const FindingsFile file;
  const std::uint64_t count = 5000;
  std::fstream(file.progress_path(), std::ios::in | std::ios::out | std::ios::binary)
      .write(reinterpret_cast<const char*>(&count), sizeof count);
  CHECK(file.allocations() == count);
}

TEST_CASE("findings are counted as they come, by whole lines", "[cli]") {
  FindingsFile file;
  append(file, "{}\n{}\n{");
  CHECK(file.count() == 2);
  append(file, "}\n");
  CHECK(file.count() == 3);
  CHECK(file.count() == 3);
}

TEST_CASE("a TMPDIR that can't be in the value of an option is not used", "[cli]") {
  for (const char* const unfit : {"/tmp/a:b", "relative", "/no/such/directory", "/tmp/%p"}) {
    const Tmpdir set(unfit);
    CHECK(FindingsFile().path().string().starts_with("/tmp/fencepost-"));
  }
}
