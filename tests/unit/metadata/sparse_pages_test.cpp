#include "metadata/sparse_pages.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "os/process.h"
#include "support.h"

using namespace fencepost;
using metadata::SparsePages;
using test::byte_at;

namespace {
constexpr Size kGibi = Size{1} << 30;
}

TEST_CASE("sparse pages read as zeros, and are written where they were opened", "[metadata]") {
  static SparsePages pages;
  REQUIRE(pages.reserve(kGibi / 4));
  const Range range = pages.range();
  REQUIRE(range.size() == kGibi / 4);
  for (const Address at : {range.begin, range.begin + kGibi / 8, range.end - 1}) CHECK(byte_at(at) == 0);
  CHECK(test::store_faults(range.begin + kGibi / 8));
  REQUIRE(pages.open({range.begin + kGibi / 8, range.begin + kGibi / 8 + 8}));
  byte_at(range.begin + kGibi / 8) = 1;
  CHECK(test::store_faults(range.begin));
  REQUIRE(pages.open({range.end - 1, range.end}));
  byte_at(range.end - 1) = 1;
  REQUIRE(pages.open(range));
  byte_at(range.begin) = 1;
  CHECK(byte_at(range.begin + kGibi / 8) == 1);
}

TEST_CASE("sparse pages of any size can be opened whole", "[metadata]") {
  for (const Size bytes : {Size{1}, Size{4096}, Size{5000}, Size{1024} * 4096, Size{1025} * 4096 + 1}) {
    const auto pages = std::make_unique<SparsePages>();
    CAPTURE(bytes);
    REQUIRE(pages->reserve(bytes));
    REQUIRE(pages->range().size() >= bytes);
    REQUIRE(pages->open(pages->range()));
    byte_at(pages->range().begin) = 1;
    byte_at(pages->range().end - 1) = 1;
  }
}

TEST_CASE("sparse pages are charged for what is open, however far apart", "[metadata]") {
  CHECK(test::holds_in_child([] {
    static SparsePages pages;
    if (!test::limit_data(Size{4} << 20) || !pages.reserve(kGibi)) return false;
    const Range range = pages.range();
    for (const Address at : {range.begin, range.begin + kGibi / 2, range.end - 8}) {
      if (!pages.open({at, at + 8})) return false;
      byte_at(at) = 1;
    }
    return !pages.open(range);
  }));
}

TEST_CASE("sparse pages that lie together cost no mappings each", "[metadata]") {
  static SparsePages pages;
  REQUIRE(pages.reserve(kGibi));
  const Size before = os::mapping_count();
  for (Size at = 0; at < kGibi / 4; at += Size{1} << 18) {
    REQUIRE(pages.open({pages.range().begin + at, pages.range().begin + at + 8}));
  }
  CHECK(os::mapping_count() <= before + 2);
}

TEST_CASE("threads open sparse pages at once", "[metadata]") {
  static SparsePages pages;
  REQUIRE(pages.reserve(Size{1} << 28));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([&] {
      for (Address at = pages.range().begin; at < pages.range().end; at += 100000) {
        if (!pages.open({at, at + 8})) ++wrong;
        *reinterpret_cast<std::atomic<char>*>(at) = 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
