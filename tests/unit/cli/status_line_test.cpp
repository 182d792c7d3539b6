#include "cli/status_line.h"

#include <catch2/catch.hpp>

using fencepost::cli::status_text;

TEST_CASE("the status line counts in words", "[cli]") {
  CHECK(status_text(std::chrono::seconds(75), {3, 1234567, 0}) ==
        "fencepost: 75 s, 3 processes, 1234 thousand allocations, 0 findings");
  CHECK(status_text(std::chrono::seconds(2), {1, 999, 1}) ==
        "fencepost: 2 s, 1 process, 0 thousand allocations, 1 finding");
}
