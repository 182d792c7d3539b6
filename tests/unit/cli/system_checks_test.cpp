#include "cli/system_checks.h"

#include <catch2/catch.hpp>

using fencepost::cli::field_of;

TEST_CASE("fields of status files", "[cli]") {
  const char* const status = "Name:\tcat\nTracerPid:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\nMemAvailable:   23 kB\n";
  CHECK(field_of(status, "Name") == "cat");
  CHECK(field_of(status, "TracerPid") == "0");
  CHECK(field_of(status, "Seccomp") == "2");
  CHECK(field_of(status, "Seccomp_filters") == "1");
  CHECK(field_of(status, "MemAvailable") == "23 kB");
  CHECK(field_of(status, "Tracer").empty());
  CHECK(field_of("", "Name").empty());
  CHECK(field_of("Name:", "Name").empty());
}
