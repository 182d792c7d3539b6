#include "symbolize/debug_file.h"

#include <catch2/catch.hpp>

#include "symbolize/file_identity.h"
#include "symbolize/programs.h"

using namespace fencepost;
using namespace fencepost::symbolize;

namespace {

std::string id_of_steps() { return build_id_of(open_regular(test::program("steps")).get()); }

/// Puts a file where debug information with this build id is expected below `root`.
void keep(const std::string& file, const std::string& root, const std::string& id, const std::string& ending) {
  const std::string folder = root + "/.build-id/" + id.substr(0, 2);
  test::shell("mkdir -p " + folder + " && cp " + file + " " + folder + "/" + id.substr(2) + ending);
}

}  // namespace

TEST_CASE("debug information is found by build id, in any of the directories", "[symbolize]") {
  const test::TempFolder folder;
  const std::string id = id_of_steps();
  const std::string both = (folder / "one") + ":" + (folder / "two");
  CHECK_FALSE(find_by_build_id(id, both));
  keep(test::program("steps"), folder / "two", id, ".debug");
  const Descriptor found = find_by_build_id(id, both);
  REQUIRE(found);
  CHECK(build_id_of(found.get()) == id);
}

TEST_CASE("a program itself may lie there too", "[symbolize]") {
  const test::TempFolder folder;
  keep(test::program("steps"), folder / "kept", id_of_steps(), "");
  CHECK(find_by_build_id(id_of_steps(), folder / "kept"));
}

TEST_CASE("a file with another build id than its name says is not taken", "[symbolize]") {
  const test::TempFolder folder;
  keep(test::program("steps.static"), folder / "kept", id_of_steps(), ".debug");
  keep(test::program("steps.static"), folder / "kept", id_of_steps(), "");
  CHECK_FALSE(find_by_build_id(id_of_steps(), folder / "kept"));
}

TEST_CASE("what is no build id names no file", "[symbolize]") {
  for (const char* const id : {"", "a", "ab", "abc", "xyzw", "../../../etc/passwd", "ABCD", "abcd/"}) {
    CHECK_FALSE(find_by_build_id(id, "/usr/lib/debug"));
  }
}
