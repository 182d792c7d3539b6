#include "os/cxx_runtime.h"

#include <catch2/catch.hpp>
#include <new>

using namespace fencepost;

namespace {
void handle_new() {}
}  // namespace

TEST_CASE("the program's new-handler is found", "[os]") {
  CHECK(os::current_new_handler() == nullptr);
  std::set_new_handler(handle_new);
  CHECK(os::current_new_handler() == handle_new);
  std::set_new_handler(nullptr);
}

TEST_CASE("std::bad_alloc is thrown through our frames", "[os]") {
  CHECK_THROWS_AS(os::throw_bad_alloc(), std::bad_alloc);
}

TEST_CASE("the runtime's own operator new is found by name", "[os]") {
  CHECK(os::cxx_definition("_ZnwmRKSt9nothrow_t") != nullptr);
  CHECK(os::cxx_definition("_Zno_such_symbol") == nullptr);
}
