#include "os/shared_counter.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "support.h"

using namespace fencepost;

TEST_CASE("a shared counter is the beginning of its file, for children too", "[os]") {
  const test::TempFile file(std::string(8, '\0') + "more");
  auto* const counter = os::map_shared_counter(file.path().c_str());
  REQUIRE(counter != nullptr);
  counter->fetch_add(5);
  CHECK(test::in_child([&] { _exit(counter->fetch_add(2) == 5 ? 0 : 1); }).exited_with(0));
  CHECK(counter->load() == 7);
  std::uint64_t stored = 0;
  const std::string content = file.contents();
  std::memcpy(&stored, content.data(), sizeof stored);
  CHECK(stored == 7);
  CHECK(content.substr(8) == "more");
}

TEST_CASE("what can't hold a counter is none", "[os]") {
  const test::TempFile file("short");
  CHECK(os::map_shared_counter(file.path().c_str()) == nullptr);
  CHECK(os::map_shared_counter("/nonexistent/file") == nullptr);
  CHECK(os::map_shared_counter("/") == nullptr);
}
