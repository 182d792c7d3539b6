#include "metadata/unguarded_table.h"

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

#include "support.h"

using namespace fencepost;
using metadata::UnguardedTable;

namespace {

struct Table {
  metadata::PageArena storage;
  bool reserved = storage.reserve(Size{256} << 20);
  UnguardedTable table{storage};
};

using Model = std::unordered_map<Address, Size>;

bool agrees(UnguardedTable& table, const Model& model, Address address) {
  Size size = 0;
  const bool found = table.find(address, size);
  const auto expected = model.find(address);
  return found == (expected != model.end()) && (!found || size == expected->second);
}

}  // namespace

TEST_CASE("an empty table knows nothing", "[metadata]") {
  const auto made = std::make_unique<Table>();
  Size size = 0;
  CHECK_FALSE(made->table.find(0x6000, size));
  CHECK_FALSE(made->table.erase(0x6000, size));
  CHECK_FALSE(made->table.find(0, size));
}

TEST_CASE("a block is found with its size until it is erased", "[metadata]") {
  const auto made = std::make_unique<Table>();
  Size size = 0;
  REQUIRE(made->table.insert(0x6010, 40));
  CHECK(made->table.find(0x6010, size));
  CHECK(size == 40);
  CHECK_FALSE(made->table.find(0x6020, size));
  size = 0;
  CHECK(made->table.erase(0x6010, size));
  CHECK(size == 40);
  CHECK_FALSE(made->table.find(0x6010, size));
  CHECK_FALSE(made->table.erase(0x6010, size));
}

TEST_CASE("an address that is inserted again has its new size", "[metadata]") {
  const auto made = std::make_unique<Table>();
  Size size = 0;
  REQUIRE(made->table.insert(0x6010, 1));
  REQUIRE(made->table.insert(0x6010, 2));
  CHECK(made->table.erase(0x6010, size));
  CHECK(size == 2);
  CHECK_FALSE(made->table.find(0x6010, size));
}

TEST_CASE("random operations agree with std::unordered_map", "[metadata]") {
  // Few addresses: they meet, and probe sequences grow long; many: the table grows.
  for (const Address addresses : {Address{300}, Address{20000}}) {
    const auto made = std::make_unique<Table>();
    Model model;
    std::mt19937_64 random(addresses);
    int wrong = 0;
    for (int step = 0; step < 200000; ++step) {
      const Address address = 0x600000 + 16 * (random() % addresses);
      if (random() % 2 == 0) {
        const Size size = random() % 1000;
        wrong += made->table.insert(address, size) ? 0 : 1;
        model[address] = size;
      } else {
        Size size = 0;
        const auto known = model.find(address);
        const bool erased = made->table.erase(address, size);
        if (erased != (known != model.end()) || (erased && size != known->second)) ++wrong;
        model.erase(address);
      }
      wrong += agrees(made->table, model, 0x600000 + 16 * (random() % addresses)) ? 0 : 1;
    }
    for (Address index = 0; index < addresses; ++index) {
      wrong += agrees(made->table, model, 0x600000 + 16 * index) ? 0 : 1;
    }
    CAPTURE(addresses);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a table that can't grow any more refuses, and forgets nothing", "[metadata]") {
  metadata::PageArena storage;
  REQUIRE(storage.reserve(Size{1} << 20));
  UnguardedTable table(storage);
  Address next = 0x6000;
  while (table.insert(next, next)) {
    next += 16;
    REQUIRE(next < 0x6000 + 16 * 200000);
  }
  CHECK(next > 0x6000 + 16 * 10000);
  Size size = 0;
  int wrong = 0;
  for (Address address = 0x6000; address < next; address += 16) {
    wrong += table.find(address, size) && size == address ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK_FALSE(table.find(next, size));
  CHECK(table.erase(0x6000, size));
  CHECK(table.insert(next, 1));
}

TEST_CASE("threads keep their own blocks", "[metadata]") {
  const auto made = std::make_unique<Table>();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (Address id = 1; id <= 4; ++id) {
    threads.emplace_back([&, id] {
      for (Address i = 0; i < 10000; ++i) {
        const Address address = id << 32 | i << 4;
        Size size = 0;
        if (!made->table.insert(address, i) || !made->table.find(address, size) || size != i) ++wrong;
        if (i % 2 == 0 && (!made->table.erase(address, size) || size != i)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a forked child may reset a table that was locked", "[metadata]") {
  const auto made = std::make_unique<Table>();
  REQUIRE(made->table.insert(0x6010, 40));
  made->table.lock_for_fork();
  CHECK(test::holds_in_child([&] {
    made->table.reset_in_child();
    Size size = 0;
    return made->table.find(0x6010, size) && size == 40;
  }));
  made->table.unlock_after_fork();
  CHECK(made->table.insert(0x6020, 1));
}
