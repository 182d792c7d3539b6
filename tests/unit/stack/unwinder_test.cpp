#include "stack/unwinder.h"

#include <link.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "os/attempt.h"
#include "os/pages.h"
#include "os/signals.h"
#include "stack/known_calls.h"
#include "stack/test_module.h"

using namespace fencepost;
using test::KnownCalls;

namespace {

/// The one of this process: there is one private copy of libunwind.
stack::Unwinder& unwinder() {
  static stack::Unwinder unwinder;
  static const bool loaded = unwinder.load();
  static_cast<void>(loaded);
  return unwinder;
}

void capture_with(stack::Unwinder& with, KnownCalls& calls, Size depth) {
  calls.captured.resize(depth);
  calls.captured.resize(with.capture(calls.caller, calls.captured));
}

void capture_here(KnownCalls& calls) { capture_with(unwinder(), calls, 64); }

bool begins_as_expected(const KnownCalls& calls) {
  return calls.captured.size() >= 3 && std::equal(calls.expected.begin(), calls.expected.end(), calls.captured.begin());
}

int capture_from_module(void* calls) {
  test::call_known_functions(*static_cast<KnownCalls*>(calls), capture_here);
  return 0;
}

[[gnu::noinline]] Size capture_below(int depth, std::span<Address> frames) {
  const Size count = depth == 0 ? unwinder().capture(test::caller_of_this(), frames) : capture_below(depth - 1, frames);
  asm volatile("" ::: "memory");
  return count;
}

const KnownCalls* expected_when_interrupted = nullptr;

void walk_and_check(int, siginfo_t*, void* context) {
  if (os::attempting()) return os::give_up_attempt(context);
  KnownCalls walked{expected_when_interrupted->expected, std::vector<Address>(64)};
  walked.captured.resize(unwinder().walk(context, walked.captured));
  const bool begins =
      !walked.captured.empty() && walked.captured[0] == test::pc_of(*static_cast<const ucontext_t*>(context));
  _exit(begins && walked.in_order() ? 0 : 1);
}

void store_to_closed_page(KnownCalls&) {
  const Range page = os::reserve(kPageSize);
  test::byte_at(page.begin) = 1;
}

int hold_the_loaders_lock(dl_phdr_info*, std::size_t, void* latches) {
  auto& [held, done] = *static_cast<std::pair<std::latch, std::latch>*>(latches);
  held.count_down();
  done.wait();
  return 1;
}

}  // namespace

TEST_CASE("libunwind is found, and its symbols stay private", "[stack]") {
  CHECK(unwinder().has_libunwind());
  CHECK(unwinder().is_ready());
  CHECK(dlsym(RTLD_DEFAULT, "unw_backtrace") == nullptr);
}

TEST_CASE("a trace begins with the caller and leads through known functions in order", "[stack]") {
  for (int turn = 0; turn < 100; ++turn) {
    const KnownCalls calls = test::call_known_functions(capture_here);
    REQUIRE(begins_as_expected(calls));
    REQUIRE(calls.captured.size() > 4);
  }
}

TEST_CASE("a trace leads through a module that was loaded later, and back", "[stack]") {
  const test::TestModule module;
  REQUIRE(module.handle() != nullptr);
  KnownCalls calls;
  CHECK(module.call_back()(capture_from_module, &calls) == 1);
  REQUIRE(begins_as_expected(calls));
  os::Module found;
  REQUIRE(os::find_module(module.code(), found));
  const auto in_module = [&](Address frame) { return found.range.contains(frame); };
  CHECK(std::any_of(calls.captured.begin(), calls.captured.end(), in_module));
  CHECK_FALSE(in_module(calls.captured.back()));
}

TEST_CASE("without libunwind a trace follows frame pointers", "[stack]") {
  static stack::Unwinder not_loaded;
  CHECK_FALSE(not_loaded.is_ready());
  CHECK_FALSE(not_loaded.has_libunwind());
  const KnownCalls calls = test::call_known_functions([](KnownCalls& made) { capture_with(not_loaded, made, 64); });
  CHECK(begins_as_expected(calls));
}

TEST_CASE("a trace is as deep as there is room, and no deeper", "[stack]") {
  Address frames[64];
  for (const Size depth : {Size{0}, Size{1}, Size{2}, Size{24}, Size{64}}) {
    CAPTURE(depth);
    CHECK(capture_below(200, {frames, depth}) == depth);
  }
}

TEST_CASE("a caller that is not on the stack is the whole trace", "[stack]") {
  Address frames[64];
  CHECK(unwinder().capture({0x1234567, 0x1000, 0}, frames) == 1);
  CHECK(frames[0] == 0x1234567);
}

TEST_CASE("no capture is going on before and after", "[stack]") {
  CHECK_FALSE(stack::capturing());
  static_cast<void>(test::call_known_functions(capture_here));
  CHECK_FALSE(stack::capturing());
}

TEST_CASE("threads capture at once", "[stack]") {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 2000; ++turn) {
        if (!begins_as_expected(test::call_known_functions(capture_here))) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("the unwinder opens no descriptor, neither when it is loaded nor when it walks", "[stack]") {
  CHECK(test::holds_in_child([] {
    const std::string before = test::open_descriptors();
    static stack::Unwinder fresh;
    if (!fresh.load() || test::open_descriptors() != before) return false;
    static_cast<void>(test::call_known_functions([](KnownCalls& made) { capture_with(fresh, made, 64); }));
    ucontext_t context;
    getcontext(&context);
    Address frames[64];
    return fresh.walk(&context, frames) > 2 && test::open_descriptors() == before;
  }));
}

TEST_CASE("a capture takes no lock of the loader's", "[stack]") {
  static_cast<void>(unwinder());
  CHECK(test::holds_in_child([] {
    std::pair<std::latch, std::latch> latches(1, 1);
    std::thread holder([&] { dl_iterate_phdr(hold_the_loaders_lock, &latches); });
    latches.first.wait();
    const bool good = begins_as_expected(test::call_known_functions(capture_here));
    latches.second.count_down();
    holder.join();
    return good;
  }));
}

TEST_CASE("a fork in a program whose threads capture does not hang the child", "[stack]") {
  static_cast<void>(unwinder());
  CHECK(test::holds_in_child([] {
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        while (!done) static_cast<void>(test::call_known_functions(capture_here));
      });
    }
    bool good = true;
    for (int turn = 0; turn < 100 && good; ++turn) {
      good = test::holds_in_child([] { return begins_as_expected(test::call_known_functions(capture_here)); });
    }
    done = true;
    for (std::thread& thread : threads) thread.join();
    return good;
  }));
}

TEST_CASE("an interrupted thread's stack begins with its instruction and leads through its callers", "[stack]") {
  static_cast<void>(unwinder());
  CHECK(test::in_child([] {
          const KnownCalls expected = test::call_known_functions([](KnownCalls&) {});
          expected_when_interrupted = &expected;
          if (!os::install_handler(SIGSEGV, walk_and_check)) _exit(2);
          static_cast<void>(test::call_known_functions(store_to_closed_page));
        }).exited_with(0));
}

TEST_CASE("a walk survives registers that lead nowhere", "[stack]") {
  static_cast<void>(unwinder());
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    for (const Address broken : {Address{0}, Address{8}, Address{0x6000}, ~Address{7}, Address{1} << 62}) {
      ucontext_t context;
      getcontext(&context);
      test::set_frame_pointer(context, broken);
      test::set_stack_pointer(context, broken);
      Address frames[64];
      const Size count = unwinder().walk(&context, frames);
      if (count < 1 || frames[0] != test::pc_of(context) || stack::capturing()) return false;
    }
    return true;
  }));
}

TEST_CASE("a walk writes nothing where there is no room", "[stack]") {
  ucontext_t context;
  getcontext(&context);
  CHECK(unwinder().walk(&context, {}) == 0);
  Address frames[2] = {};
  CHECK(unwinder().walk(&context, {frames, 1}) == 1);
  CHECK(frames[1] == 0);
}
