#include "os/pages.h"

#include <sys/mman.h>

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

TEST_CASE("locked pages are known, dropped and unlocked", "[os]") {
  CHECK(test::holds_in_child([] {
    const Range pages = os::map_memory(4 * kPageSize);
    const Range locked{pages.begin + kPageSize, pages.begin + 2 * kPageSize};
    for (Address at = pages.begin; at < pages.end; at += kPageSize) test::byte_at(at) = 1;
    if (os::is_locked(pages) || mlock(reinterpret_cast<void*>(locked.begin), kPageSize) != 0) return false;
    if (!os::is_locked(locked) || !os::is_locked(pages) || os::is_locked({locked.end, pages.end})) return false;
    if (os::discard_pages(locked) || !os::discard_locked_pages(locked)) return false;
    if (test::byte_at(locked.begin) != 0 || test::byte_at(locked.end) != 1) return false;
    return os::is_locked(locked) && os::unlock_pages(locked) && !os::is_locked(pages) && os::discard_pages(pages);
  }));
}

TEST_CASE("a gap is reserved, and what is mapped is left alone", "[os]") {
  const Range pages = os::map_memory(4 * kPageSize);
  const Range middle{pages.begin + kPageSize, pages.begin + 2 * kPageSize};
  test::byte_at(middle.begin) = 7;
  CHECK_FALSE(os::reserve_gap(middle));
  CHECK(test::byte_at(middle.begin) == 7);
  os::give_back(middle);
  CHECK(os::reserve_gap(middle));
  CHECK(test::store_faults(middle.begin));
  os::give_back(pages);
}

TEST_CASE("pages that are open for reading hold zeros, and are not charged", "[os]") {
  CHECK(test::holds_in_child([] {
    if (!test::limit_data(Size{1} << 20)) return false;
    const Range pages = os::reserve(Size{1} << 30);
    return os::open_for_reading(pages) && test::byte_at(pages.end - 1) == 0 && !os::open_pages(pages);
  }));
  const Range pages = os::reserve(kPageSize);
  REQUIRE(os::open_for_reading(pages));
  CHECK_FALSE(test::load_faults(pages.begin));
  CHECK(test::store_faults(pages.begin));
  os::give_back(pages);
}
