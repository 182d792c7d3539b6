#include "heap/check_all.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "heap/heap_rig.h"

using namespace fencepost;
using test::byte_at;
using test::HeapRig;

namespace {

std::vector<Address> damaged(heap::Heap& heap) {
  std::vector<Address> addresses;
  heap.check_all([&](const record::FaultRecord& error) {
    if (error.event == record::Event::changed_slack) addresses.push_back(error.address);
  });
  return addresses;
}

}  // namespace

TEST_CASE("a heap in order has nothing to tell", "[heap]") {
  HeapRig rig;
  CHECK(damaged(rig.heap()).empty());
  for (Size size = 0; size < 100; ++size) {
    const Address block = rig.allocate(size);
    for (Address at = block; at < block + size; ++at) byte_at(at) = 1;
  }
  CHECK(damaged(rig.heap()).empty());
}

TEST_CASE("every live block whose slack was written is told, once", "[heap]") {
  HeapRig rig;
  std::vector<Address> expected;
  for (int i = 0; i < 30; ++i) {
    const Address block = rig.allocate(41);
    if (i % 3 == 0) continue;
    expected.push_back(i % 3 == 1 ? block - 1 : block + 41);
    byte_at(expected.back()) = 1;
  }
  CHECK(damaged(rig.heap()) == expected);
  CHECK(damaged(rig.heap()) == expected);
}

TEST_CASE("what is found at exit says so", "[heap]") {
  HeapRig rig;
  byte_at(rig.allocate(40) + 40) = 'x';
  int told = 0;
  rig.heap().check_all([&](const record::FaultRecord& error) {
    ++told;
    CHECK(error.api == record::Api::exit);
    CHECK(error.damage.count == 1);
    CHECK(error.damage.sample[0] == 'x');
  });
  CHECK(told == 1);
}

TEST_CASE("freed blocks are not looked at", "[heap]") {
  HeapRig rig;
  const Address block = rig.allocate(40);
  byte_at(block + 40) = 1;
  CHECK_FALSE(rig.release(block));
  CHECK(damaged(rig.heap()).empty());
}

TEST_CASE("without a pattern nothing is checked", "[heap]") {
  heap::Settings settings;
  settings.fill_slack = -1;
  HeapRig rig(settings);
  byte_at(rig.allocate(40) + 40) = 1;
  CHECK(damaged(rig.heap()).empty());
}

TEST_CASE("threads that go on allocating and freeing cause no false alarm", "[heap]") {
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    HeapRig rig;
    const Address bad = rig.allocate(40);
    byte_at(bad + 40) = 1;
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        heap::ThreadCache cache;
        record::FaultRecord error;
        while (!done) {
          void* const block = rig.heap().allocate(40, 0, heap::Contents::pattern, {}, cache);
          static_cast<void>(rig.heap().release(block, {}, cache, error));
        }
      });
    }
    bool exact = true;
    for (int turn = 0; turn < 100; ++turn) exact = damaged(rig.heap()) == std::vector<Address>{bad + 40} && exact;
    done = true;
    for (std::thread& thread : threads) thread.join();
    return exact;
  }));
}

TEST_CASE("slack that is mended is told once for each side, and its block is freed in peace", "[heap]") {
  HeapRig rig;
  const Address block = rig.allocate(41);
  byte_at(block + 41) = 1;
  byte_at(block - 1) = 1;
  int told = 0;
  const auto count = [&](const record::FaultRecord&) { ++told; };
  CHECK(test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    rig.heap().check_all(count, heap::Mend::yes);
    rig.heap().check_all(count, heap::Mend::yes);
    return told == 2 && rig.release(block);
  }));
}
