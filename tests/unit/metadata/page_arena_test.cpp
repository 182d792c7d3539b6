#include "metadata/page_arena.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "base/align.h"
#include "support.h"

using namespace fencepost;
using metadata::PageArena;

namespace {

constexpr Size kMebibyte = Size{1} << 20;

std::unique_ptr<PageArena> arena_of(Size bytes) {
  auto arena = std::make_unique<PageArena>();
  if (!arena->reserve(bytes)) return nullptr;
  return arena;
}

}  // namespace

TEST_CASE("an arena hands out zeroed, aligned memory that does not overlap", "[metadata]") {
  const auto arena = arena_of(4 * kMebibyte);
  REQUIRE(arena);
  Address end = arena->range().begin;
  for (const Size bytes : {Size{1}, Size{24}, Size{4096}, Size{100000}, 2 * kMebibyte}) {
    for (const Size alignment : {Size{1}, Size{16}, Size{64}, kPageSize}) {
      if (bytes == 2 * kMebibyte && alignment != 16) continue;
      auto* const memory = static_cast<char*>(arena->allocate(bytes, alignment));
      REQUIRE(memory != nullptr);
      CHECK(is_aligned(test::address_of(memory), alignment));
      CHECK(test::address_of(memory) >= end);
      CHECK(std::all_of(memory, memory + bytes, [](char c) { return c == 0; }));
      std::memset(memory, 1, bytes);
      end = test::address_of(memory) + bytes;
    }
  }
  CHECK(arena->used() == end - arena->range().begin);
}

TEST_CASE("an arena can be used up to its last byte", "[metadata]") {
  const auto arena = arena_of(2 * kMebibyte);
  REQUIRE(arena);
  REQUIRE(arena->range().size() == 2 * kMebibyte);
  CHECK(arena->allocate(2 * kMebibyte + 1) == nullptr);
  CHECK(arena->allocate(2 * kMebibyte - 16) != nullptr);
  CHECK(arena->allocate(17) == nullptr);
  auto* const last = static_cast<char*>(arena->allocate(16));
  REQUIRE(last != nullptr);
  last[15] = 1;
  CHECK(arena->allocate(1) == nullptr);
  CHECK(arena->used() == 2 * kMebibyte);
}

TEST_CASE("an arena that was never reserved hands out nothing", "[metadata]") {
  const auto arena = std::make_unique<PageArena>();
  CHECK(arena->allocate(16) == nullptr);
  CHECK_FALSE(arena->open_up_to(0x6000));
  CHECK(arena->range().empty());
}

TEST_CASE("an arena of a few pages can be had", "[metadata]") {
  const auto arena = arena_of(2 * kPageSize);
  REQUIRE(arena);
  CHECK(arena->allocate(2 * kPageSize) != nullptr);
}

TEST_CASE("an arena makes do with less than it asked for", "[metadata]") {
  CHECK(test::holds_in_child([] {
    if (!test::limit_address_space(Size{1} << 30)) return false;
    const auto arena = arena_of(Size{64} << 30);
    return arena && arena->range().size() >= Size{1} << 28 && arena->allocate(1000) != nullptr;
  }));
}

TEST_CASE("an arena refuses what the kernel does not open, and goes on with what it has", "[metadata]") {
  CHECK(test::holds_in_child([] {
    const auto arena = arena_of(64 * kMebibyte);
    auto* const first = static_cast<char*>(arena->allocate(16));
    if (first == nullptr || !test::limit_data(0)) return false;
    const bool refused = arena->allocate(32 * kMebibyte) == nullptr;
    auto* const next = static_cast<char*>(arena->allocate(16));
    return refused && next == first + 16 && *next == 0;
  }));
}

TEST_CASE("open_up_to opens for those who address the arena themselves", "[metadata]") {
  const auto arena = arena_of(8 * kMebibyte);
  REQUIRE(arena);
  const Range range = arena->range();
  REQUIRE(arena->open_up_to(range.begin + 3 * kMebibyte));
  test::byte_at(range.begin + 3 * kMebibyte - 1) = 1;
  CHECK(test::store_faults(range.end - 1));
  REQUIRE(arena->open_up_to(range.end));
  test::byte_at(range.end - 1) = 1;
  CHECK_FALSE(arena->open_up_to(range.end + 1));
  CHECK(arena->used() == 0);
}

TEST_CASE("threads never get the same memory", "[metadata]") {
  const auto arena = arena_of(64 * kMebibyte);
  REQUIRE(arena);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int id = 1; id <= 4; ++id) {
    threads.emplace_back([&, id] {
      std::vector<int*> mine;
      for (int i = 0; i < 5000; ++i) {
        auto* const memory = static_cast<int*>(arena->allocate(64 + static_cast<Size>(i % 100)));
        if (memory == nullptr || *memory != 0) ++wrong;
        if (memory == nullptr) return;
        *memory = id;
        mine.push_back(memory);
      }
      wrong += static_cast<int>(std::count_if(mine.begin(), mine.end(), [=](const int* m) { return *m != id; }));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a forked child grows an arena whose lock was held", "[metadata]") {
  const auto arena = arena_of(8 * kMebibyte);
  REQUIRE(arena);
  arena->lock_for_fork();
  CHECK(test::holds_in_child([&] {
    arena->reset_in_child();
    return arena->allocate(4 * kMebibyte) != nullptr;
  }));
  arena->unlock_after_fork();
  CHECK(arena->allocate(4 * kMebibyte) != nullptr);
}
