#include "fence/guard_region_fence.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <vector>

#include "fence/engine_rig.h"

using namespace fencepost;
using test::byte_at;
using test::faults_here;

namespace {

/// True in a child in which `check` held of an engine with a few prepared pages.
template <typename Check>
bool holds_with_engine(Check check) {
  return test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    test::EngineRig<fence::GuardRegionFence> rig(8);
    return rig.works() && check(rig);
  });
}

bool lock(Range pages) { return mlock(reinterpret_cast<void*>(pages.begin), pages.size()) == 0; }

bool is_offered() { return test::is_offered<fence::GuardRegionFence>(); }

}  // namespace

TEST_CASE("a page that was locked after it was opened is fenced all the same", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](auto& rig) {
    if (!rig.engine().open(rig.pages(2, 3))) return false;
    byte_at(rig.pages(2).begin) = 1;
    byte_at(rig.pages(4).begin) = 1;
    if (!lock(rig.pages(3))) return false;
    return rig.engine().fence(rig.pages(3)) && faults_here(rig.pages(3).begin) && byte_at(rig.pages(2).begin) == 1 &&
           byte_at(rig.pages(4).begin) == 1;
  }));
}

TEST_CASE("locked pages among many are fenced with the others", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](auto& rig) {
    if (!rig.engine().open(rig.pages(0, 8)) || !lock(rig.pages(4))) return false;
    const Range slots[] = {rig.pages(1), rig.pages(4), rig.pages(6)};
    if (!rig.engine().fence_many(slots)) return false;
    for (Size page = 0; page < 8; ++page) {
      const bool fenced = page == 1 || page == 4 || page == 6;
      if (faults_here(rig.pages(page).begin) != fenced) return false;
    }
    return true;
  }));
}

TEST_CASE("where memory is locked nothing is prepared, and all of it faults", "[fence]") {
  if (!is_offered()) return;
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    test::EngineRig<fence::GuardRegionFence> rig(4, false);
    if (!lock(rig.range()) && errno != ENOMEM) return false;
    return !rig.engine().prepare(rig.range()) && faults_here(rig.range().begin) && faults_here(rig.range().end - 1);
  }));
}

TEST_CASE("once memory was found to be locked, most requests are not worth a try", "[fence]") {
  if (!is_offered()) return;
  CHECK(test::holds_in_child([] {
    test::EngineRig<fence::GuardRegionFence> rig(8, false);
    auto& engine = rig.engine();
    if (!engine.may_prepare() || engine.is_locked_out()) return false;
    if (!lock(rig.pages(0, 4)) && errno != ENOMEM) return false;
    if (engine.prepare(rig.pages(0, 4)) || !engine.is_locked_out()) return false;
    int worth = 0;
    for (int request = 0; request < 5000; ++request) worth += engine.may_prepare() ? 1 : 0;
    return worth > 0 && worth < 10 && engine.prepare(rig.pages(4, 4)) && engine.may_prepare() &&
           !engine.is_locked_out();
  }));
}

TEST_CASE("guards are there before anything is open", "[fence]") {
  if (!is_offered()) return;
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    test::EngineRig<fence::GuardRegionFence> rig(4, false);
    if (!test::forbid_system_call(SYS_madvise)) return false;
    return !rig.engine().prepare(rig.range()) && faults_here(rig.range().begin);
  }));
}

TEST_CASE("a sandbox that takes madvise away leaves fences, but opens nothing", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](auto& rig) {
    if (!rig.engine().open(rig.pages(0, 2)) || !test::forbid_system_call(SYS_madvise)) return false;
    byte_at(rig.pages(1).begin) = 1;
    return rig.engine().fence(rig.pages(0)) && faults_here(rig.pages(0).begin) && byte_at(rig.pages(1).begin) == 1 &&
           !rig.engine().open(rig.pages(4)) && faults_here(rig.pages(4).begin);
  }));
}

TEST_CASE("many are fenced without process_madvise too", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](auto& rig) {
    if (!rig.engine().open(rig.pages(0, 4)) || !test::forbid_system_call(SYS_process_madvise)) return false;
    const Range slots[] = {rig.pages(0), rig.pages(2)};
    return rig.engine().fence_many(slots) && faults_here(rig.pages(0).begin) && faults_here(rig.pages(2).begin) &&
           !faults_here(rig.pages(1).begin);
  }));
}

TEST_CASE("many slots are opened at once, with their pages in memory, and nothing between them", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](auto& rig) {
    const Range slots[] = {rig.pages(1), rig.pages(3, 2), rig.pages(6)};
    if (!rig.engine().open_many(slots)) return false;
    if (test::resident_pages(rig.range()) != std::vector{false, true, false, true, true, false, true, false})
      return false;
    for (Size page = 0; page < 8; ++page) {
      const bool open = page == 1 || page == 3 || page == 4 || page == 6;
      if (open && byte_at(rig.pages(page).begin) != 0) return false;
      if (faults_here(rig.pages(page).begin) == open) return false;
    }
    return true;
  }));
}

TEST_CASE("many are not opened without process_madvise, and all of them fault still", "[fence]") {
  if (!is_offered()) return;
  CHECK(holds_with_engine([](auto& rig) {
    if (!test::forbid_system_call(SYS_process_madvise)) return false;
    const Range slots[] = {rig.pages(0), rig.pages(2)};
    if (!rig.engine().may_open_many()) return false;
    for (int turn = 0; turn < 2; ++turn) {
      if (rig.engine().open_many(slots)) return false;
      if (!faults_here(rig.pages(0).begin) || !faults_here(rig.pages(2).begin)) return false;
    }
    return !rig.engine().may_open_many() && rig.engine().open(rig.pages(2)) && !faults_here(rig.pages(2).begin);
  }));
}
