#include "cli/places.h"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace fencepost::cli;

TEST_CASE("programs are found as execvp finds them", "[cli]") {
  CHECK(find_program("sh").filename() == "sh");
  CHECK(find_program("/bin/sh") == "/bin/sh");
  CHECK(find_program("/no/such/program").empty());
  CHECK(find_program("no-such-program").empty());
  CHECK(find_program("").empty());
}

TEST_CASE("a library to preload comes before those that are there", "[cli]") {
  const std::string before = environment("LD_PRELOAD");
  unsetenv("LD_PRELOAD");
  CHECK(preloading("/x/lib.so") == "/x/lib.so");
  setenv("LD_PRELOAD", "/y/other.so", 1);
  CHECK(preloading("/x/lib.so") == "/x/lib.so:/y/other.so");
  before.empty() ? unsetenv("LD_PRELOAD") : setenv("LD_PRELOAD", before.c_str(), 1);
}
