#include "os/page_transfer.h"

#include <sys/mman.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "os/file.h"
#include "os/pages.h"
#include "os/process.h"
#include "os/userfault.h"
#include "support.h"

using namespace fencepost;
using os::Leaving;
using test::byte_at;

namespace {

constexpr Size kMost = 1024;  // pages

/// Address space to move pages about in.
struct Space {
  Space() : all(os::reserve(4 * kMost * kPageSize)) {}
  ~Space() { os::give_back(all); }
  [[nodiscard]] Range pages(Size first, Size count) const {
    return {all.begin + first * kPageSize, all.begin + (first + count) * kPageSize};
  }
  /// The same, open, and each page with its number in it.
  [[nodiscard]] Range numbered(Size first, Size count) const {
    const Range range = pages(first, count);
    REQUIRE(os::open_pages(range));
    for (Size i = 0; i < count; ++i) byte_at(range.begin + i * kPageSize) = static_cast<char>(i + 1);
    return range;
  }
  Range all;
};

bool holds_numbers(Range range, Size count) {
  for (Size i = 0; i < count; ++i) {
    if (byte_at(range.begin + i * kPageSize) != static_cast<char>(i + 1)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("contents move to a range of the same size, or a larger one, or a smaller one", "[os]") {
  const Size from = GENERATE(1, 7, 513, 1024);
  const Size to = GENERATE(1, 7, 513, 1024);
  const Size offset = GENERATE(0, 3);
  CAPTURE(from, to, offset);
  const Space space;
  const Range source = space.numbered(offset, from);
  const Range target = space.pages(2 * kMost, to);
  const Range away = os::detach_pages(source, Leaving::closed_before);
  REQUIRE(away.size() == source.size());
  CHECK(test::store_faults(source.begin));
  CHECK(test::load_faults(source.end - 1));
  Range rest;
  REQUIRE(os::attach_pages(away, target, rest));
  CHECK(holds_numbers(target, std::min(from, to)));
  CHECK(rest.size() == (from > to ? (from - to) * kPageSize : 0));
  if (from > to) CHECK(byte_at(rest.begin) == static_cast<char>(to + 1));
  if (to > from) CHECK(byte_at(target.end - 1) == 0);
  if (!rest.empty()) os::give_back(rest);
  byte_at(target.end - 1) = 1;
  CHECK(test::store_faults(target.end));
  CHECK(test::store_faults(source.begin));
}

TEST_CASE("what was moved can be moved again", "[os]") {
  const Space space;
  Range now = space.numbered(0, 5);
  for (Size turn = 1; turn < 50; ++turn) {
    const Range next = space.pages(turn * 60, 5 + turn);
    Range rest;
    const Range away = os::detach_pages(now, Leaving::closed_before);
    REQUIRE_FALSE(away.empty());
    REQUIRE(os::attach_pages(away, next, rest));
    REQUIRE(rest.empty());
    REQUIRE(holds_numbers(next, 5));
    now = next;
  }
}

TEST_CASE("where missing pages fault, contents move without being closed before", "[os]") {
  const Space space;
  os::Userfault userfault;
  if (!userfault.open(space.pages(0, kMost))) {
    WARN("not tested: the kernel does not offer userfaultfd");
    return;
  }
  // One range is registered from the start, the other one for the move.
  for (const Size first : {Size{0}, 2 * kMost}) {
    REQUIRE(os::open_pages(space.pages(first, 600)));
    userfault.unwatch(space.pages(first, 600));
    const Range source = space.numbered(first, 600);
    REQUIRE(userfault.watch(source) == os::Moved::done);
    const Range away = os::detach_pages(source, Leaving::missing_fault);
    REQUIRE_FALSE(away.empty());
    CHECK(test::store_faults(source.begin));
    CHECK(test::load_faults(source.end - 1));
    Range rest;
    const Range target = space.pages(3 * kMost, 700);
    REQUIRE(os::attach_pages(away, target, rest));
    CHECK(holds_numbers(target, 600));
    CHECK(byte_at(target.end - 1) == 0);
    REQUIRE(os::replace_by_reservation(target));
  }
  os::close_descriptor(userfault.descriptor());
}

TEST_CASE("what the kernel won't move stays as it was", "[os]") {
  const Space space;
  const Range source = space.numbered(0, 4);
  // A hole: neither one mapping nor several that meet.
  os::give_back(space.pages(2, 1));
  CHECK(test::holds_in_child(
      [&] { return os::detach_pages(space.pages(0, 2), Leaving::closed_before).size() == 2 * kPageSize; }));
  CHECK(test::holds_in_child([&] {
    if (!test::forbid_system_call(25)) return false;
    return os::detach_pages(space.pages(0, 2), Leaving::closed_before).empty() &&
           byte_at(source.begin + kPageSize) == 2;
  }));
}

TEST_CASE("a target that can't be had is left as it was, and the contents where they are", "[os]") {
  CHECK(test::holds_in_child([] {
    const Range all = os::reserve(16 * kPageSize);
    const Range source{all.begin, all.begin + 4 * kPageSize};
    const Range target{all.begin + 8 * kPageSize, all.begin + 12 * kPageSize};
    if (!os::open_pages(source)) return false;
    byte_at(source.begin) = 'x';
    const Range away = os::detach_pages(source, Leaving::closed_before);
    Range rest;
    if (away.empty() || !test::forbid_system_call(25)) return false;
    return !os::attach_pages(away, target, rest) && byte_at(away.begin) == 'x' && !os::reserve_gap(target);
  }));
}

TEST_CASE("moving leaves no mapping behind", "[os]") {
  const Space space;
  const Size before = os::mapping_count();
  for (int turn = 0; turn < 50; ++turn) {
    const Range source = space.numbered(0, 8);
    const Range target = space.pages(kMost, 4);
    Range rest;
    REQUIRE(os::attach_pages(os::detach_pages(source, Leaving::closed_before), target, rest));
    os::give_back(rest);
    REQUIRE(os::replace_by_reservation(source));
    REQUIRE(os::replace_by_reservation(target));
  }
  CHECK(os::mapping_count() <= before + 6);
}
