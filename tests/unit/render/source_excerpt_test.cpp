#include "render/source_excerpt.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support.h"

using namespace fencepost;
using render::Location;
using render::source_excerpt;

namespace {

using Lines = std::vector<std::string>;

Lines excerpt(const std::string& path, unsigned line, unsigned column) {
  return source_excerpt({nullptr, "f", path, line, column}, {});
}

const std::string kSixLines = "one\ntwo\n\tthree();\nfour\nfive\nsix\n";

}  // namespace

TEST_CASE("two lines around the line, and a caret below the column", "[render]") {
  const test::TempFile file(kSixLines);
  CHECK(excerpt(file.path(), 3, 2) ==
        Lines{"    1 | one", "    2 | two", "  > 3 |     three();", "      |     ^", "    4 | four", "    5 | five"});
  CHECK(excerpt(file.path(), 1, 1) == Lines{"  > 1 | one", "      | ^", "    2 | two", "    3 |     three();"});
  CHECK(excerpt(file.path(), 6, 0) == Lines{"    4 | four", "    5 | five", "  > 6 | six"});
}

TEST_CASE("a line that is not there is not shown", "[render]") {
  const test::TempFile file(kSixLines);
  CHECK(excerpt(file.path(), 7, 1).empty());
  CHECK(excerpt(file.path(), 0, 1).empty());
  CHECK(excerpt(file.path(), 4000000000, 1).empty());
  CHECK(excerpt("/nonexistent/file.c", 1, 1).empty());
  CHECK(excerpt("", 1, 1).empty());
}

TEST_CASE("a column that is not there has no caret", "[render]") {
  const test::TempFile file(kSixLines);
  CHECK(excerpt(file.path(), 6, 4) == Lines{"    4 | four", "    5 | five", "  > 6 | six"});
}

TEST_CASE("what is no regular file is not read", "[render]") {
  CHECK(excerpt("/dev/zero", 1, 1).empty());
  CHECK(excerpt("/", 1, 1).empty());
  const test::TempFile file;
  const std::string pipe = file.path() + ".pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(excerpt(pipe, 1, 1).empty());
  unlink(pipe.c_str());
}

TEST_CASE("carets count characters, not bytes, and numbers are aligned", "[render]") {
  const test::TempFile file("1\n2\n3\n4\n5\n6\n7\n8\n\xc3\xa4\t\x1b x\r\n10\n11\n");
  CHECK(excerpt(file.path(), 9, 6) == Lines{"     7 | 7", "     8 | 8", "  >  9 | \xc3\xa4   \\x1b x",
                                            "       |          ^", "    10 | 10", "    11 | 11"});
}

TEST_CASE("long lines are cut", "[render]") {
  const test::TempFile file(std::string(1000, 'x'));
  const Lines near = excerpt(file.path(), 1, 10);
  REQUIRE(near.size() == 2);
  CHECK(near[0].size() == 8 + 150 + 3);
  CHECK(near[0].ends_with("x..."));
  CHECK(near[1] == "      |          ^");
  CHECK(excerpt(file.path(), 1, 900).size() == 1);
}

TEST_CASE("a file that was changed since the program was built is said to be", "[render]") {
  const test::TempFile file(kSixLines);
  struct stat status {};
  REQUIRE(stat(file.path().c_str(), &status) == 0);
  findings::Frame frame;
  frame.module_mtime = status.st_mtime;
  CHECK(source_excerpt({&frame, "f", file.path(), 6, 0}, {}).size() == 3);
  frame.module_mtime = status.st_mtime - 1;
  const Lines lines = source_excerpt({&frame, "f", file.path(), 6, 0}, {});
  REQUIRE(lines.size() == 4);
  CHECK(lines[3] == "    (the file was changed after the program was built)");
}
