#include "os/libraries.h"

#include <dlfcn.h>

#include <catch2/catch.hpp>

using namespace fencepost;

TEST_CASE("libc's functions are found behind our own", "[os]") {
  CHECK(os::next_definition("strlen") != nullptr);
  CHECK(os::next_definition("no_such_function_anywhere") == nullptr);
}

TEST_CASE("the loader is idle in main", "[os]") { CHECK(os::loader_is_idle()); }

TEST_CASE("a library is found only once it is loaded, and keeps its symbols to itself", "[os]") {
  CHECK(os::find_loaded_library(FENCEPOST_TEST_MODULE) == nullptr);
  void* const library = os::open_library(FENCEPOST_TEST_MODULE);
  REQUIRE(library != nullptr);
  CHECK(os::find_loaded_library(FENCEPOST_TEST_MODULE) == library);
  CHECK(os::find_symbol(library, "call_back_from_module") != nullptr);
  CHECK(os::find_symbol(library, "no_such_function_anywhere") == nullptr);
  CHECK(dlsym(RTLD_DEFAULT, "call_back_from_module") == nullptr);
  dlclose(library);
  dlclose(library);
}

TEST_CASE("a library that is not there is null", "[os]") {
  CHECK(os::open_library("libno-such-library.so.1") == nullptr);
}
