// What every engine promises. A new engine joins the list and passes all of it.
#include "fence/fence.h"

#include <sys/mman.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstddef>
#include <thread>
#include <tuple>
#include <vector>

#include "fence/engine_rig.h"
#include "fence/guard_region_fence.h"
#include "fence/mprotect_fence.h"
#include "fence/page_move_fence.h"
#include "os/process.h"
#include "support.h"

using namespace fencepost;
using test::byte_at;
using test::EngineRig;
using test::faults_here;

namespace {

using Engines = std::tuple<fence::MprotectFence, fence::GuardRegionFence, fence::PageMoveFence>;

bool all_zero(Range pages) {
  for (Address at = pages.begin; at < pages.end; ++at) {
    if (byte_at(at) != 0) return false;
  }
  return true;
}

bool is_resident(Address page) { return test::resident_pages({page, page + kPageSize})[0]; }

}  // namespace

TEMPLATE_LIST_TEST_CASE("a page that was never opened faults", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(1);
  CHECK(space.load_faults(space.pages(0).begin));
  CHECK(space.store_faults(space.pages(0).end - 1));
}

TEMPLATE_LIST_TEST_CASE("open pages are readable, writable and zero", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  for (const Size count : {Size{1}, Size{2}, Size{17}, Size{600}}) {
    EngineRig<TestType> space(count + 2);
    const Range pages = space.pages(1, count);
    REQUIRE(space.engine().open(pages));
    if (!TestType::kCapabilities.keeps_contents) CHECK(all_zero(pages));
    byte_at(pages.begin) = 1;
    byte_at(pages.end - 1) = 2;
    CHECK(byte_at(pages.begin) == 1);
    CHECK(byte_at(pages.end - 1) == 2);
    CHECK(space.store_faults(pages.begin - 1));
    CHECK(space.store_faults(pages.end));
  }
}

TEMPLATE_LIST_TEST_CASE("fenced pages fault, every one of them", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(8);
  const Range pages = space.pages(0, 8);
  REQUIRE(space.engine().open(pages));
  for (Address page = pages.begin; page < pages.end; page += kPageSize) byte_at(page) = 1;
  REQUIRE(space.engine().fence(pages));
  for (Address page = pages.begin; page < pages.end; page += kPageSize) {
    CHECK(space.load_faults(page));
    CHECK(space.store_faults(page + kPageSize - 1));
  }
}

TEMPLATE_LIST_TEST_CASE("a fence leaves its neighbours alone", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(3);
  for (Size page = 0; page < 3; ++page) {
    REQUIRE(space.engine().open(space.pages(page)));
    byte_at(space.pages(page).begin) = static_cast<char>(page + 1);
    byte_at(space.pages(page).end - 1) = static_cast<char>(page + 1);
  }
  REQUIRE(space.engine().fence(space.pages(1)));
  CHECK(byte_at(space.pages(0).end - 1) == 1);
  CHECK(byte_at(space.pages(2).begin) == 3);
  byte_at(space.pages(0).begin) = 4;
  byte_at(space.pages(2).end - 1) = 5;
}

TEMPLATE_LIST_TEST_CASE("empty ranges open and fence at once", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(1);
  const Range none{space.pages(0).begin, space.pages(0).begin};
  CHECK(space.engine().open(none));
  CHECK(space.engine().fence(none));
}

TEMPLATE_LIST_TEST_CASE("a fence gives the physical pages back", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(1);
  const Range page = space.pages(0);
  REQUIRE(space.engine().open(page));
  byte_at(page.begin) = 1;
  CHECK(is_resident(page.begin));
  REQUIRE(space.engine().fence(page));
  CHECK_FALSE(is_resident(page.begin));
}

TEMPLATE_LIST_TEST_CASE("no thread gets past a fence once it has returned", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    EngineRig<TestType> space(200);
    std::atomic<Size> open = 0;
    std::atomic<Size> fenced = 0;
    std::atomic<bool> slipped = false;
    std::thread writer([&] {
      for (Size page = 0; page < 200; ++page) {
        while (open <= page) std::this_thread::yield();
        for (;;) {
          const bool was_fenced = fenced > page;
          const bool faulted = faults_here(space.pages(page).begin);
          if (was_fenced && !faulted) slipped = true;
          if (was_fenced || faulted) break;
        }
      }
    });
    bool good = true;
    for (Size page = 0; page < 200; ++page) {
      good = space.engine().open(space.pages(page)) && good;
      open = page + 1;
      good = space.engine().fence(space.pages(page)) && good;
      fenced = page + 1;
    }
    writer.join();
    return good && !slipped;
  }));
}

TEMPLATE_LIST_TEST_CASE("threads open and fence their own slots at once", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    EngineRig<TestType> space(4 * 400);
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (Size id = 0; id < 4; ++id) {
      threads.emplace_back([&, id] {
        for (Size slot = 0; slot < 200; ++slot) {
          const Range page = space.pages(id * 400 + 2 * slot);
          if (!space.engine().open(page) || faults_here(page.begin)) ++failures;
          if (!space.engine().fence(page) || !faults_here(page.begin)) ++failures;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return failures == 0;
  }));
}

TEMPLATE_LIST_TEST_CASE("a slot costs the mappings that the engine says, and none when it is dead", "[fence]",
                        Engines) {
  if (!test::is_offered<TestType>()) return;
  constexpr Size kSlots = 100;
  EngineRig<TestType> space(2 * kSlots);
  // As start-up does: what was one mapping when its first page came stays one kind of memory, and merges.
  REQUIRE(space.engine().open(space.pages(0)));
  byte_at(space.pages(0).begin) = 1;
  REQUIRE(space.engine().fence(space.pages(0)));
  const Size before = os::mapping_count();
  for (Size slot = 0; slot < kSlots; ++slot) {
    REQUIRE(space.engine().open(space.pages(2 * slot)));
    byte_at(space.pages(2 * slot).begin) = 1;
  }
  CHECK(os::mapping_count() <= before + kSlots * TestType::kCapabilities.mappings_per_live_slot + 4);
  for (Size slot = 0; slot < kSlots; ++slot) REQUIRE(space.engine().fence(space.pages(2 * slot)));
  CHECK(os::mapping_count() <= before + 4);
}

TEMPLATE_LIST_TEST_CASE("a forked child has the same fences and its own contents", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(2);
  REQUIRE(space.engine().open(space.pages(0, 2)));
  REQUIRE(space.engine().fence(space.pages(1)));
  byte_at(space.pages(0).begin) = 1;
  CHECK(test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    space.engine().after_fork_in_child();
    const bool inherited = byte_at(space.pages(0).begin) == 1 && faults_here(space.pages(1).begin);
    byte_at(space.pages(0).begin) = 2;
    return inherited && space.engine().fence(space.pages(0)) && faults_here(space.pages(0).begin);
  }));
  CHECK(byte_at(space.pages(0).begin) == 1);
}

TEMPLATE_LIST_TEST_CASE("what the kernel does not open stays a fence", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    EngineRig<TestType> space(4096, false);
    if (!space.works() || !test::limit_data(0)) return false;
    const bool opened = space.engine().prepare(space.range()) && space.engine().open(space.range());
    return !opened && faults_here(space.range().begin) && faults_here(space.range().end - 1);
  }));
}

TEMPLATE_LIST_TEST_CASE("address space faults before it is prepared, and after it", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  EngineRig<TestType> space(4, false);
  REQUIRE(space.works());
  CHECK(space.load_faults(space.range().begin));
  REQUIRE(space.engine().prepare(space.range()));
  CHECK(space.load_faults(space.range().begin));
  CHECK(space.store_faults(space.range().end - 1));
}

TEMPLATE_LIST_TEST_CASE("many slots are fenced at once, and nothing between them", "[fence]", Engines) {
  if (!test::is_offered<TestType>()) return;
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    EngineRig<TestType> space(3 * os::kMostRanges);
    std::vector<Range> slots;
    bool good = space.works();
    for (Size slot = 0; slot < os::kMostRanges; ++slot) {
      slots.push_back(space.pages(3 * slot, 1 + slot % 2));
      good = good && space.engine().open(space.pages(3 * slot, 3));
      for (Size page = 0; page < 3; ++page) byte_at(space.pages(3 * slot + page).begin) = 7;
    }
    good = good && space.engine().fence_many(slots);
    for (Size page = 0; page < 3 * os::kMostRanges; ++page) {
      const Size slot = page / 3;
      const Address at = space.pages(page).begin;
      const bool fenced = slots[slot].contains(at);
      if (fenced ? !faults_here(at) || is_resident(at) : byte_at(at) != 7) good = false;
    }
    return good;
  }));
}
