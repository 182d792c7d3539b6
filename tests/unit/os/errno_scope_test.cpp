#include "os/errno_scope.h"

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("errno is as it was after the scope", "[os]") {
  errno = EAGAIN;
  {
    const os::ErrnoScope scope;
    errno = EINVAL;
  }
  CHECK(errno == EAGAIN);
}

TEST_CASE("a scope may choose what errno shall be", "[os]") {
  errno = EAGAIN;
  {
    os::ErrnoScope scope;
    scope.set(ENOMEM);
    errno = EINVAL;
  }
  CHECK(errno == ENOMEM);
}
