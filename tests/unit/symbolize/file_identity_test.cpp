#include "symbolize/file_identity.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support.h"
#include "symbolize/programs.h"

using namespace fencepost;
using namespace fencepost::symbolize;

namespace {

std::string id_of(const std::string& path) { return build_id_of(open_regular(path).get()); }

std::string id_by_readelf(const std::string& path) {
  std::string id = test::shell("readelf -n '" + path + "' | sed -n 's/.*Build ID: *//p'");
  id.pop_back();
  return id;
}

ModuleFile seen(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) throw std::runtime_error(path);
  return {path, "", file.st_ino, static_cast<std::uint64_t>(file.st_size), file.st_mtime};
}

bool is_same(const std::string& path, const ModuleFile& expected) {
  return is_same_file(open_regular(path).get(), expected);
}

}  // namespace

TEST_CASE("the build id of a program is what readelf says", "[symbolize]") {
  for (const char* const name : {"steps", "steps.static", "steps.so"}) {
    const std::string id = id_of(test::program(name));
    CHECK(id.size() == 40);
    CHECK(id == id_by_readelf(test::program(name)));
  }
}

TEST_CASE("a program without a build id, and what is no program, have none", "[symbolize]") {
  const test::TempFile text("no program");
  CHECK(id_of(test::program("steps.no_id")).empty());
  CHECK(id_of(text.path()).empty());
  CHECK(build_id_of(-1).empty());
}

TEST_CASE("build ids decide if there are any, and nothing else then", "[symbolize]") {
  const std::string path = test::program("steps");
  ModuleFile expected = seen(path);
  expected.build_id = id_of(path);
  expected.inode = 1;
  CHECK(is_same(path, expected));
  CHECK_FALSE(is_same(test::program("steps.static"), expected));
  CHECK_FALSE(is_same(test::program("steps.no_id"), expected));
}

TEST_CASE("without build ids inode, size and time have to agree, as far as they are known", "[symbolize]") {
  const std::string path = test::program("steps.no_id");
  const ModuleFile expected = seen(path);
  CHECK(is_same(path, expected));
  CHECK(is_same(path, {path, "", 0, 0, 0}));
  CHECK_FALSE(is_same(path, {path, "", expected.inode + 1, expected.size, expected.mtime}));
  CHECK_FALSE(is_same(path, {path, "", expected.inode, expected.size + 1, expected.mtime}));
  CHECK_FALSE(is_same(path, {path, "", expected.inode, expected.size, expected.mtime - 1}));
}

TEST_CASE("only regular files are opened, and nothing is waited for", "[symbolize]") {
  const test::TempFolder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const std::string& path : {folder / "pipe", folder / "", std::string("/dev/zero")}) {
    errno = 0;
    CHECK_FALSE(open_regular(path));
    CHECK(errno == EINVAL);
  }
  CHECK_FALSE(open_regular(folder / "absent"));
  CHECK(errno == ENOENT);
}
