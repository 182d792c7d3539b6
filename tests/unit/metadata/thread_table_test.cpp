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
