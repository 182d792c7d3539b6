#include "os/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>

#include "support.h"

using namespace fencepost;

namespace {

int open_null() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

bool is_open(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed once", "[os]") {
  const int descriptor = open_null();
  REQUIRE(descriptor >= 0);
  CHECK(os::next_close(descriptor) == 0);
  CHECK_FALSE(is_open(descriptor));
  errno = 0;
  CHECK(os::next_close(descriptor) == -1);
  CHECK(errno == EBADF);
}

TEST_CASE("a range of descriptors is closed, and no other", "[os]") {
  CHECK(test::holds_in_child([] {
    const int low = open_null();
    for (int number = 200; number < 204; ++number) {
      if (dup2(low, number) != number) return false;
    }
    const bool closed = os::kernel_close_range(201, 202, 0) == 0;
    return closed && is_open(200) && !is_open(201) && !is_open(202) && is_open(203) && is_open(low);
  }));
}

TEST_CASE("dup2 gives a file another number", "[os]") {
  CHECK(test::holds_in_child([] {
    const int low = open_null();
    if (os::kernel_dup2(low, 200) != 200 || !is_open(200) || !is_open(low)) return false;
    return (fcntl(200, F_GETFD) & FD_CLOEXEC) == 0;
  }));
}

TEST_CASE("dup2 onto itself checks that the descriptor is open", "[os]") {
  const int descriptor = open_null();
  CHECK(os::kernel_dup2(descriptor, descriptor) == descriptor);
  REQUIRE(os::next_close(descriptor) == 0);
  errno = 0;
  CHECK(os::kernel_dup2(descriptor, descriptor) == -1);
  CHECK(errno == EBADF);
}

TEST_CASE("dup3 passes its flags on, and refuses what dup2 allows", "[os]") {
  CHECK(test::holds_in_child([] {
    const int low = open_null();
    if (os::kernel_dup3(low, 200, O_CLOEXEC) != 200) return false;
    const bool closes_on_exec = (fcntl(200, F_GETFD) & FD_CLOEXEC) != 0;
    errno = 0;
    return closes_on_exec && os::kernel_dup3(low, low, 0) == -1 && errno == EINVAL;
  }));
}

TEST_CASE("the limit on descriptors is the soft one", "[os]") {
  CHECK(test::holds_in_child([] {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    limit.rlim_cur = 123;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && os::descriptor_limit() == 123;
  }));
}
