#include "os/memory_limit.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "support.h"

using namespace fencepost;

namespace {

/// A line of /proc/meminfo, in bytes.
Size memory_line(const std::string& label) {
  std::istringstream lines(test::read_file("/proc/meminfo"));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(label + ":", 0) == 0) return std::stoull(line.substr(label.size() + 1)) << 10;
  }
  return 0;
}

}  // namespace

TEST_CASE("the memory of the machine is what the kernel says, with swap", "[os]") {
  const Size expected = memory_line("MemTotal") + memory_line("SwapTotal");
  CHECK(os::total_memory() >= expected - (Size{1} << 20));
  CHECK(os::total_memory() <= expected + (Size{1} << 20));
}

TEST_CASE("available memory is some, and no more than there is", "[os]") {
  CHECK(os::available_memory() > Size{1} << 20);
  CHECK(os::available_memory() <= memory_line("MemTotal"));
}
