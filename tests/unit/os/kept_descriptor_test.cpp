#include "os/kept_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support.h"

using namespace fencepost;

TEST_CASE("a kept descriptor outlives the one that it is a copy of", "[os]") {
  const test::TempFile file;
  os::KeptDescriptor kept;
  CHECK(kept.number() == -1);
  const int descriptor = open(file.path().c_str(), O_WRONLY);
  kept.keep_copy_of(descriptor);
  close(descriptor);
  REQUIRE(kept.number() >= 0);
  CHECK(kept.number() != descriptor);
  CHECK(write(kept.number(), "kept", 4) == 4);
  CHECK(file.contents() == "kept");
  const int number = kept.number();
  kept.release();
  CHECK(kept.number() == -1);
  CHECK(fcntl(number, F_GETFD) == -1);
}

TEST_CASE("a number that the program closed, or that is another file's by now, is left alone", "[os]") {
  const test::TempFile file;
  const int descriptor = open(file.path().c_str(), O_WRONLY);
  os::KeptDescriptor kept;
  kept.keep_copy_of(descriptor);
  const int number = kept.number();
  REQUIRE(number >= 0);
  close(number);
  CHECK(kept.number() == -1);
  const int other = open("/dev/null", O_WRONLY);
  REQUIRE(dup2(other, number) == number);
  CHECK(kept.number() == -1);
  kept.release();
  CHECK(fcntl(number, F_GETFD) >= 0);
  for (const int each : {number, other, descriptor}) close(each);
}
