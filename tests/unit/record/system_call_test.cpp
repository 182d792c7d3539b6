#include "record/system_call.h"

#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <set>

using namespace fencepost;
using record::SystemCall;

TEST_CASE("every system call has a name of its own, by which libc has it", "[record]") {
  std::set<std::string_view> names;
  for (Size call = 1; call < record::kSystemCalls; ++call) {
    const std::string_view name = record::name(static_cast<SystemCall>(call));
    CAPTURE(name);
    names.insert(name);
    CHECK(dlsym(RTLD_DEFAULT, name.data()) != nullptr);
  }
  CHECK(names.size() == record::kSystemCalls - 1);
}

TEST_CASE("the names stand in the order of the calls", "[record]") {
  CHECK(record::name(SystemCall::read) == "read");
  CHECK(record::name(SystemCall::recvmmsg) == "recvmmsg");
  CHECK(record::name(SystemCall::epoll_pwait2) == "epoll_pwait2");
  CHECK(record::name(SystemCall::fxstatat) == "__fxstatat");
  CHECK(record::name(SystemCall::fwrite_unlocked) == "fwrite_unlocked");
}
