#include "os/pages.h"

#include <catch2/catch.hpp>

#include "base/align.h"
#include "os/modules.h"
#include "support.h"

using namespace fencepost;
using test::byte_at;
using test::load_faults;
using test::store_faults;

TEST_CASE("the build's page size is the kernel's", "[os]") {
  CHECK(os::kernel_page_size() == static_cast<Size>(sysconf(_SC_PAGESIZE)));
}

TEST_CASE("reserved pages are inaccessible until they are opened", "[os]") {
  const Range range = os::reserve(3 * kPageSize);
  REQUIRE(range.size() == 3 * kPageSize);
  CHECK(is_aligned(range.begin, kPageSize));
  CHECK(load_faults(range.begin));
  const Range middle{range.begin + kPageSize, range.begin + 2 * kPageSize};
  REQUIRE(os::open_pages(middle));
  CHECK(byte_at(middle.begin) == 0);
  byte_at(middle.end - 1) = 5;
  CHECK(byte_at(middle.end - 1) == 5);
  CHECK(load_faults(middle.begin - 1));
  CHECK(store_faults(middle.end));
  os::give_back(range);
}

TEST_CASE("closed pages fault and keep their contents", "[os]") {
  const Range page = os::map_memory(kPageSize);
  byte_at(page.begin) = 7;
  REQUIRE(os::close_pages(page));
  CHECK(load_faults(page.begin));
  CHECK(store_faults(page.end - 1));
  REQUIRE(os::open_pages(page));
  CHECK(byte_at(page.begin) == 7);
  os::give_back(page);
}

TEST_CASE("discarded pages read as zero", "[os]") {
  const Range page = os::map_memory(kPageSize);
  byte_at(page.begin) = 7;
  REQUIRE(os::discard_pages(page));
  CHECK(byte_at(page.begin) == 0);
  os::give_back(page);
}

TEST_CASE("a reservation replaces what was mapped", "[os]") {
  const Range pages = os::map_memory(2 * kPageSize);
  byte_at(pages.begin) = 7;
  byte_at(pages.end - 1) = 8;
  REQUIRE(os::replace_by_reservation({pages.begin, pages.begin + kPageSize}));
  CHECK(load_faults(pages.begin));
  CHECK(byte_at(pages.end - 1) == 8);
  REQUIRE(os::open_pages(pages));
  CHECK(byte_at(pages.begin) == 0);
  os::give_back(pages);
}

TEST_CASE("what is given back is not mapped any more", "[os]") {
  const Range range = os::map_memory(kPageSize);
  os::give_back(range);
  CHECK(os::find_mapping(range.begin).empty());
}

TEST_CASE("empty ranges are done at once", "[os]") {
  CHECK(os::open_pages({}));
  CHECK(os::close_pages({0x6000, 0x6000}));
  CHECK(os::discard_pages({}));
  CHECK(os::replace_by_reservation({}));
}

TEST_CASE("what the kernel refuses is told", "[os]") {
  CHECK(os::reserve(Size{1} << 60).empty());
  CHECK(os::map_memory(Size{1} << 60).empty());
  const Range range = os::reserve(kPageSize);
  os::give_back(range);
  CHECK_FALSE(os::open_pages(range));
  CHECK_FALSE(os::close_pages(range));
  CHECK_FALSE(os::discard_pages(range));
}

TEST_CASE("a limit on the address space refuses a reservation", "[os]") {
  CHECK(test::holds_in_child(
      [] { return test::limit_address_space(Size{1} << 30) && os::reserve(Size{2} << 30).empty(); }));
}
