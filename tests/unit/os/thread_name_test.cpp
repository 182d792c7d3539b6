#include "os/thread_name.h"

#include <pthread.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <latch>
#include <string>
#include <thread>

#include "os/process.h"

using namespace fencepost;

TEST_CASE("a thread reads its own name", "[os]") {
  std::string seen;
  std::thread([&] {
    pthread_setname_np(pthread_self(), "fifteen letters");
    char name[os::kThreadNameSize];
    os::own_thread_name(name);
    seen = name;
  }).join();
  CHECK(seen == "fifteen letters");
}

TEST_CASE("another thread's name is read while it lives", "[os]") {
  std::atomic<int> id = 0;
  std::latch named(1);
  std::latch read(1);
  std::thread thread([&] {
    pthread_setname_np(pthread_self(), "indexer");
    id = os::thread_id();
    named.count_down();
    read.wait();
  });
  named.wait();
  char name[os::kThreadNameSize] = "";
  CHECK(os::thread_name(id, name));
  CHECK(std::string(name) == "indexer");
  read.count_down();
  thread.join();
}

TEST_CASE("a thread that never was has no name", "[os]") {
  char name[os::kThreadNameSize] = "";
  CHECK_FALSE(os::thread_name(0, name));
  CHECK_FALSE(os::thread_name(0x7fffffff, name));
}
