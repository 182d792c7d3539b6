#include "fence/choose_fence.h"

#include <catch2/catch.hpp>

#include "os/file.h"
#include "os/pages.h"
#include "support.h"

using namespace fencepost;
using fence::AnyFence;
using fence::EngineKind;
using fence::start_and_probe;

namespace {

constexpr Size kChunk = 16 * kPageSize;

/// The second of two chunks, which the probe leaves alone.
Range second_chunk(Range arena) { return {arena.begin + kChunk, arena.end}; }

}  // namespace

TEST_CASE("an engine that works is started, and what it opens after the probe works too", "[fence]") {
  for (const EngineKind kind : {EngineKind::mprotect, EngineKind::guard_region, EngineKind::page_move}) {
    const Range arena = os::reserve(2 * kChunk);
    AnyFence fence;
    const fence::Refusal refusal = start_and_probe(fence, kind, arena, kChunk, 0);
    CAPTURE(static_cast<int>(kind), std::string(refusal));
    if (kind != EngineKind::mprotect && !refusal.empty()) {
      WARN("an engine is not tested: " << refusal);
      CHECK(fence.kind() == EngineKind::none);
      continue;
    }
    REQUIRE(refusal.empty());
    CHECK(fence.kind() == kind);
    const Range chunk = second_chunk(arena);
    const Range page{chunk.begin, chunk.begin + kPageSize};
    REQUIRE(fence.prepare(chunk));
    REQUIRE(fence.open(page));
    CHECK(test::byte_at(page.begin) == 0);
    if (fence.descriptor() >= 0) os::close_descriptor(fence.descriptor());
    os::give_back(arena);
  }
}

TEST_CASE("the probe leaves everything fenced", "[fence]") {
  for (const EngineKind kind : {EngineKind::mprotect, EngineKind::guard_region, EngineKind::page_move}) {
    const Range arena = os::reserve(2 * kChunk);
    AnyFence fence;
    if (!start_and_probe(fence, kind, arena, kChunk, 0).empty()) continue;
    CAPTURE(static_cast<int>(kind));
    for (const Address at : {arena.begin, arena.begin + 2 * kPageSize, arena.begin + kChunk, arena.end - 1}) {
      CHECK(test::in_child([&] {
              fence.after_fork_in_child();
              static_cast<void>(char{test::byte_at(at)});
            }).died_of_fault());
    }
    if (fence.descriptor() >= 0) os::close_descriptor(fence.descriptor());
    os::give_back(arena);
  }
}

TEST_CASE("no engine is started without address space, or where the kernel refuses", "[fence]") {
  AnyFence fence;
  const Range small = os::reserve(kChunk);
  CHECK_FALSE(start_and_probe(fence, EngineKind::mprotect, {}, kChunk, 0).empty());
  CHECK_FALSE(start_and_probe(fence, EngineKind::mprotect, small, kChunk, 0).empty());
  os::give_back(small);
  for (const EngineKind kind : {EngineKind::mprotect, EngineKind::guard_region, EngineKind::page_move}) {
    const Range gone = os::reserve(2 * kChunk);
    os::give_back(gone);
    CHECK_FALSE(start_and_probe(fence, kind, gone, kChunk, 0).empty());
    CHECK(fence.kind() == EngineKind::none);
  }
}
