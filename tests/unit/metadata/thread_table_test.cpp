#include "metadata/thread_table.h"

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <thread>
#include <vector>

using namespace fencepost;
using metadata::ThreadTable;

TEST_CASE("threads are numbered from 0 as they appear", "[metadata]") {
  const auto table = std::make_unique<ThreadTable>();
  REQUIRE(table->reserve(Size{1} << 20));
  CHECK(table->size() == 0);
  CHECK(table->find(0) == nullptr);
  for (ThreadId id = 0; id < 1000; ++id) REQUIRE(table->add(static_cast<int>(id) + 100) == id);
  CHECK(table->size() == 1000);
  for (ThreadId id = 0; id < 1000; ++id) {
    REQUIRE(table->find(id) != nullptr);
    REQUIRE(table->find(id)->kernel_id == static_cast<int>(id) + 100);
  }
  CHECK(table->find(1000) == nullptr);
}

TEST_CASE("a thread's entry stays where it is", "[metadata]") {
  const auto table = std::make_unique<ThreadTable>();
  REQUIRE(table->reserve(Size{1} << 20));
  metadata::ThreadInfo* const info = table->find(table->add(7));
  REQUIRE(info != nullptr);
  info->name[0] = 'x';
  info->created_at = 5;
  for (int i = 0; i < 1000; ++i) static_cast<void>(table->add(i));
  CHECK(table->find(0) == info);
  CHECK(info->name[0] == 'x');
  CHECK(info->created_at == 5);
}

TEST_CASE("when the table is full, further threads share the last number", "[metadata]") {
  const auto table = std::make_unique<ThreadTable>();
  REQUIRE(table->reserve(Size{1} << 20));
  const Size room = table->storage().range().size() / sizeof(metadata::ThreadInfo);
  ThreadId last = 0;
  for (Size i = 0; i < room; ++i) last = table->add(1);
  CHECK(last == room - 1);
  CHECK(table->add(2) == last);
  CHECK(table->add(3) == last);
  CHECK(table->size() == room);
  CHECK(table->find(last) != nullptr);
}

TEST_CASE("threads that start at once get different numbers", "[metadata]") {
  const auto table = std::make_unique<ThreadTable>();
  REQUIRE(table->reserve(Size{1} << 20));
  std::vector<ThreadId> ids[4];
  std::vector<std::thread> threads;
  for (auto& mine : ids) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) mine.push_back(table->add(i + 1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<ThreadId> all;
  for (const auto& mine : ids) all.insert(mine.begin(), mine.end());
  CHECK(all.size() == 8000);
  CHECK(*all.rbegin() == 7999);
}

TEST_CASE("of the stacks in one mapping an address belongs to the next one above", "[metadata]") {
  const auto table = std::make_unique<ThreadTable>();
  REQUIRE(table->reserve(Size{1} << 20));
  const auto add = [&](int kernel_id, Address stack) {
    const ThreadId id = table->add(kernel_id);
    table->find(id)->stack = stack;
    return id;
  };
  const Range mapping{0x10000, 0x30000};
  ThreadId found = 99;
  CHECK_FALSE(table->find_by_stack(mapping, 0x11000, found));
  const ThreadId upper = add(1, 0x2ff00);
  const ThreadId lower = add(2, 0x1ff00);
  add(3, 0x4ff00);
  add(0, 0x18000);  // it has exited
  CHECK(table->find_by_stack(mapping, 0x11000, found));
  CHECK(found == lower);
  CHECK(table->find_by_stack(mapping, 0x1ff00, found));
  CHECK(found == lower);
  CHECK(table->find_by_stack(mapping, 0x1ff01, found));
  CHECK(found == upper);
  CHECK(table->find_by_stack(mapping, 0x2ff01, found));
  CHECK(found == upper);
  CHECK_FALSE(table->find_by_stack({0x50000, 0x60000}, 0x51000, found));
}
