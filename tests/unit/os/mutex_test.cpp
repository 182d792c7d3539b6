#include "os/mutex.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>
#include <vector>

#include "support.h"

using namespace fencepost;

TEST_CASE("a mutex lets one thread in at a time", "[os]") {
  os::Mutex mutex;
  std::uint64_t count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 50000; ++turn) {
        const os::MutexLock lock(mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(count == 200000);
}

TEST_CASE("no wake-up is lost when one thread waits for the other", "[os]") {
  os::Mutex mutex;
  for (int turn = 0; turn < 2000; ++turn) {
    std::atomic<bool> arrived = false;
    bool entered = false;
    mutex.lock();
    std::thread waiter([&] {
      arrived = true;
      const os::MutexLock lock(mutex);
      entered = true;
    });
    while (!arrived) std::this_thread::yield();
    const bool entered_early = entered;
    mutex.unlock();
    waiter.join();
    REQUIRE((!entered_early && entered));
  }
}

TEST_CASE("locking leaves errno alone", "[os]") {
  os::Mutex mutex;
  std::vector<std::thread> threads;
  std::atomic<int> changed = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      errno = EDOM;
      for (int turn = 0; turn < 5000; ++turn) {
        const os::MutexLock lock(mutex);
      }
      if (errno != EDOM) ++changed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(changed == 0);
}

TEST_CASE("a forked child may reset a mutex that was held", "[os]") {
  os::Mutex mutex;
  mutex.lock();
  CHECK(test::holds_in_child([&] {
    mutex.reset();
    const os::MutexLock lock(mutex);
    return true;
  }));
  mutex.unlock();
}
