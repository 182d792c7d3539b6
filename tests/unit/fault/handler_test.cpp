#include "fault/handler.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include "fault/fault_rig.h"
#include "os/attempt.h"
#include "os/process.h"

using namespace fencepost;
using fault::Ending;
using fault::Handler;
using fault::Reporter;
using record::BlockRecord;
using test::byte_at;
using test::FaultRig;

namespace {

Handler* installed = nullptr;

void on_signal(int signal, siginfo_t* info, void* context) { installed->on_signal(signal, info, context, 0); }

/// As a process that was started with the signal ignored.
void ignore_in_kernel(int signal) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  static_cast<void>(os::kernel_sigaction(signal, &ignore, nullptr));
}

/// Runs `body` in a child whose faults go to a handler of the rig's blocks.
template <typename Body>
test::ChildEnd with_handler(FaultRig& rig, Body body, Ending ending = {},
                            report::FindModule find_module = FaultRig::find_module) {
  return test::in_child([&] {
    static_cast<void>(rig.threads().add(os::thread_id()));
    Reporter reporter(rig.sources(), find_module);
    Handler handler(reporter, rig.sources());
    installed = &handler;
    if (!handler.install(on_signal, ending)) _exit(1);
    body(handler);
  });
}

/// The same, where findings are held against suppressions.
template <typename Body>
test::ChildEnd with_suppressions(FaultRig& rig, std::string_view text, Body body, Ending ending = {}) {
  return test::in_child([&] {
    static_cast<void>(rig.threads().add(os::thread_id()));
    suppression::Rule room[1];
    suppression::Rules rules;
    rules.set_room(room, 1);
    rules.add(text, "file", [](std::string_view) { _exit(2); });
    Reporter reporter(rig.sources(), FaultRig::find_module);
    reporter.suppressor().set_rules(rules);
    Handler handler(reporter, rig.sources());
    installed = &handler;
    if (!handler.install(on_signal, ending)) _exit(1);
    body(handler);
  });
}

/// The program's own action, as the interposed sigaction passes it on.
void set_own_action(Handler& handler, void (*function)(int), int flags = 0) {
  struct sigaction action {};
  action.sa_handler = function;
  action.sa_flags = flags;
  static_cast<void>(handler.own_actions().set(SIGSEGV, action));
}

int calls_of_own_handler = 0;

void open_the_page(int, siginfo_t* info, void*) {
  ++calls_of_own_handler;
  const Address page = align_down(test::address_of(info->si_addr), kPageSize);
  if (!os::open_pages({page, page + kPageSize})) _exit(2);
}

report::ModuleName fault_while_naming(Address) {
  byte_at(16) = 1;
  return {};
}

record::FaultRecord double_free_of(const BlockRecord& block) {
  record::FaultRecord error;
  error.event = record::Event::call;
  error.api = record::Api::free;
  error.address = block.address;
  return error;
}

Size count(std::string_view text, std::string_view part) {
  Size found = 0;
  for (Size at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("an overflow is reported, and the program dies of it", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  CHECK(with_handler(rig, [&](Handler&) { byte_at(block.bytes().end + 4) = 1; }).died_of(SIGSEGV));
  CHECK(rig.log_has("ERROR: Fencepost: heap-buffer-overflow on address"));
  CHECK(rig.log_has("WRITE at"));
  CHECK(rig.log_has("is 4 bytes after 40-byte block"));
  CHECK(rig.log_has("SUMMARY: Fencepost: heap-buffer-overflow"));
}

TEST_CASE("a use after free is reported with both traces", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  CHECK(with_handler(rig, [&](Handler&) { static_cast<void>(char{byte_at(block.address + 8)}); }).died_of(SIGSEGV));
  CHECK(rig.log_has("use-after-free"));
  CHECK(rig.log_has("READ at"));
  CHECK(rig.log_has("is 8 bytes inside freed 40-byte block"));
  CHECK(rig.log_has("freed by"));
  CHECK(rig.log_has("allocated by"));
}

TEST_CASE("a null pointer is reported as a wild access", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(rig, [&](Handler&) { byte_at(0x18) = 1; }).died_of(SIGSEGV));
  CHECK(rig.log_has("wild-access on address 0x18"));
  CHECK(rig.log_has("null pointer dereference"));
}

TEST_CASE("a bus error is reported, and the program dies of that", "[fault]") {
  FaultRig rig;
  const test::TempFile file("x");
  const Range beyond = os::File(file.path().c_str()).map();
  REQUIRE(truncate(file.path().c_str(), 0) == 0);
  CHECK(with_handler(rig, [&](Handler&) { static_cast<void>(char{byte_at(beyond.begin)}); }).died_of(SIGBUS));
  CHECK(rig.log_has("bus error"));
  os::give_back(beyond);
}

TEST_CASE("on_error=exit leaves with the status that was asked for", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  const Ending ending{true, 86};
  CHECK(with_handler(
            rig, [&](Handler&) { byte_at(block.bytes().end) = 1; }, ending)
            .exited_with(86));
  CHECK(rig.log_has("heap-buffer-overflow"));
  rig.free_block(block);
  CHECK(with_handler(
            rig, [&](Handler& handler) { handler.on_error(double_free_of(block), {}); }, ending)
            .exited_with(86));
  CHECK(rig.log_has("double-free"));
}

TEST_CASE("an error that the allocator found ends in an abort", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  CHECK(with_handler(rig, [&](Handler& handler) { handler.on_error(double_free_of(block), {}); }).died_of(SIGABRT));
  CHECK(rig.log_has("double-free"));
}

TEST_CASE("a fault in an attempt is nobody's error", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  CHECK(with_handler(rig, [&](Handler&) {
          _exit(os::attempt([&] { byte_at(block.bytes().end) = 1; }) ? 1 : 7);
        }).exited_with(7));
  CHECK(rig.log().empty());
}

TEST_CASE("a signal that the process was started to ignore stays so, and faults don't", "[fault]") {
  FaultRig rig;
  const auto ignoring = [&rig](auto body) {
    return test::in_child([&] {
      for (const int signal : {SIGSEGV, SIGBUS}) ignore_in_kernel(signal);
      Reporter reporter(rig.sources(), FaultRig::find_module);
      Handler handler(reporter, rig.sources());
      installed = &handler;
      if (!handler.install(on_signal, {})) _exit(1);
      body();
    });
  };
  CHECK(ignoring([] {
          for (const int signal : {SIGSEGV, SIGBUS}) os::raise_here(signal);
          _exit(7);
        }).exited_with(7));
  CHECK(ignoring([] { byte_at(0x18) = 1; }).died_of(SIGSEGV));
}

TEST_CASE("a program's own handler gets the faults that are its own", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(rig, [&](Handler& handler) {
          set_own_action(handler, [](int signal) { _exit(signal == SIGSEGV ? 55 : 1); });
          byte_at(0x18) = 1;
        }).exited_with(55));
  CHECK(rig.log().empty());
}

TEST_CASE("a program's own handler does not hide what happens to blocks", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  CHECK(with_handler(rig, [&](Handler& handler) {
          set_own_action(handler, [](int) { _exit(55); });
          byte_at(block.bytes().end) = 1;
        }).died_of(SIGSEGV));
  CHECK(rig.log_has("heap-buffer-overflow"));
}

TEST_CASE("a program's own handler may repair the fault and go on", "[fault]") {
  FaultRig rig;
  const Range page = os::reserve(kPageSize);
  CHECK(with_handler(rig, [&](Handler& handler) {
          struct sigaction action {};
          action.sa_sigaction = open_the_page;
          action.sa_flags = SA_SIGINFO;
          static_cast<void>(handler.own_actions().set(SIGSEGV, action));
          byte_at(page.begin) = 9;
          sigset_t mask;
          sigprocmask(SIG_BLOCK, nullptr, &mask);
          const bool unblocked = sigismember(&mask, SIGSEGV) == 0;
          _exit(byte_at(page.begin) == 9 && calls_of_own_handler == 1 && unblocked ? 7 : 1);
        }).exited_with(7));
  CHECK(rig.log().empty());
  os::give_back(page);
}

TEST_CASE("a program's own handler runs with the signals blocked that it asked for", "[fault]") {
  const auto exit_with_mask = [](int) {
    sigset_t mask;
    sigprocmask(SIG_BLOCK, nullptr, &mask);
    _exit((sigismember(&mask, SIGSEGV) == 1 ? 1 : 0) | (sigismember(&mask, SIGUSR1) == 1 ? 2 : 0));
  };
  for (const int flags : {0, SA_NODEFER}) {
    FaultRig rig;
    CHECK(with_handler(rig, [&](Handler& handler) {
            struct sigaction action {};
            action.sa_handler = exit_with_mask;
            action.sa_flags = flags;
            sigaddset(&action.sa_mask, SIGUSR1);
            static_cast<void>(handler.own_actions().set(SIGSEGV, action));
            byte_at(0x18) = 1;
          }).exited_with(flags == 0 ? 3 : 2));
  }
}

TEST_CASE("a handler that is reset after one call leaves the next fault to us", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(rig, [&](Handler& handler) {
          set_own_action(
              handler, [](int) {}, static_cast<int>(SA_RESETHAND));
          byte_at(0x18) = 1;
        }).died_of(SIGSEGV));
  CHECK(rig.log_has("null pointer dereference"));
}

TEST_CASE("a signal that the program sends itself is no finding", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(rig, [&](Handler&) { os::raise_here(SIGSEGV); }).died_of(SIGSEGV));
  CHECK(rig.log().empty());
}

TEST_CASE("a fault while reporting ends the report, not in a loop", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  const auto overflow = [&](Handler&) { byte_at(block.bytes().end) = 1; };
  CHECK(with_handler(rig, overflow, {}, fault_while_naming).died_of(SIGSEGV));
  CHECK(rig.log_has("heap-buffer-overflow"));
  CHECK(rig.log_has("another fault while reporting"));
}

TEST_CASE("a fault while reporting is not for the program's own handler", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  const auto overflow = [&](Handler& handler) {
    set_own_action(handler, [](int) { _exit(55); });
    byte_at(block.bytes().end) = 1;
  };
  CHECK(with_handler(rig, overflow, {}, fault_while_naming).died_of(SIGSEGV));
  CHECK(rig.log_has("another fault while reporting"));
}

TEST_CASE("threads that fault at once make one report", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  CHECK(with_handler(rig, [&](Handler&) {
          std::atomic<int> ready = 0;
          std::vector<std::thread> threads;
          for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
              ++ready;
              while (ready < 4) std::this_thread::yield();
              byte_at(block.bytes().end) = 1;
            });
          }
          for (std::thread& thread : threads) thread.join();
        }).died_of(SIGSEGV));
  CHECK(count(rig.log(), "ERROR: Fencepost") == 1);
  CHECK(count(rig.log(), "SUMMARY: ") == 1);
}

TEST_CASE("a fault deep in a small stack is reported on a stack of our own", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  alignas(16) static char alternate[16 << 10];
  CHECK(with_handler(rig, [&](Handler&) {
          os::set_alternate_stack({test::address_of(alternate), test::address_of(alternate) + sizeof alternate});
          byte_at(block.bytes().end) = 1;
        }).died_of(SIGSEGV));
  CHECK(rig.log_has("SUMMARY: Fencepost: heap-buffer-overflow"));
}

TEST_CASE("an error that the program survives is reported, and it goes on", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  record::FaultRecord error = double_free_of(block);
  error.event = record::Event::system_call;
  error.system_call = record::SystemCall::read;
  CHECK(with_handler(rig, [&](Handler& handler) {
          handler.tell(error, {});
          handler.tell(error, {});
          byte_at(0x18) = 1;
        }).died_of(SIGSEGV));
  CHECK(count(rig.log(), "SUMMARY: Fencepost: bad-syscall-buffer") == 2);
  CHECK(count(rig.log(), "SUMMARY: Fencepost: wild-access") == 1);
}

TEST_CASE("errors that the program survives make one report after the other", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  record::FaultRecord error = double_free_of(block);
  error.event = record::Event::system_call;
  CHECK(with_handler(rig, [&](Handler& handler) {
          std::vector<std::thread> threads;
          for (int i = 0; i < 4; ++i) threads.emplace_back([&] { handler.tell(error, {}); });
          for (std::thread& thread : threads) thread.join();
        }).exited_with(0));
  CHECK(count(rig.log(), "ERROR: Fencepost") == 4);
  // Each ends before the next begins.
  const std::string log = rig.log();
  for (Size at = log.find("ERROR:"), next = 0; at != std::string::npos; at = next) {
    next = log.find("ERROR:", at + 1);
    CHECK(log.find("SUMMARY:", at) < next);
  }
}

TEST_CASE("a child can report though it was forked during a report of another thread's", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  static std::atomic<bool> reporting, forked;
  const auto wait_while_naming = [](Address) -> report::ModuleName {
    reporting = true;
    while (!forked) std::this_thread::yield();
    return {};
  };
  record::FaultRecord error;
  error.event = record::Event::system_call;
  error.address = block.bytes().end;
  const Address trace[] = {0x401001};
  CHECK(with_handler(
            rig,
            [&](Handler& handler) {
              std::thread other([&] { handler.tell(error, trace); });
              while (!reporting) std::this_thread::yield();
              const test::ChildEnd child = test::in_child([&] {
                forked = true;
                handler.reset_in_child();
                handler.tell(error, trace);
              });
              forked = true;
              other.join();
              _exit(child.exited_with(0) ? 7 : 1);
            },
            {}, wait_while_naming)
            .exited_with(7));
  CHECK(count(rig.log(), "SUMMARY: Fencepost: bad-syscall-buffer") == 2);
}

TEST_CASE("after a warning the program goes on", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(rig, [&](Handler& handler) {
          record::FaultRecord error;
          error.event = record::Event::excessive_size;
          error.api = record::Api::malloc;
          error.stated_size = ~Size{0};
          errno = 77;
          handler.tell(error, {});
          handler.tell(error, {});
          sigset_t mask;
          sigprocmask(SIG_BLOCK, nullptr, &mask);
          _exit(errno == 77 && sigismember(&mask, SIGUSR1) == 0 ? 7 : 1);
        }).exited_with(7));
  CHECK(count(rig.log(), "WARNING: Fencepost: allocation-size-overflow at pc") == 2);
  CHECK(count(rig.log(), "SUMMARY: ") == 2);
}

TEST_CASE("an error after a warning still ends the process", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  CHECK(with_handler(rig, [&](Handler& handler) {
          record::FaultRecord error;
          error.event = record::Event::bad_alignment;
          handler.tell(error, {});
          handler.on_error(double_free_of(block), {});
        }).died_of(SIGABRT));
  CHECK(count(rig.log(), "WARNING: Fencepost: invalid-alignment") == 1);
  CHECK(count(rig.log(), "ERROR: Fencepost: double-free") == 1);
}

namespace {

std::atomic<int> opened = 0, closed = 0;  // changed behind the compiler's back, by faults

/// Lets single instructions through to memory of the test's own.
fault::PageDoor door_of_protection() {
  return {[](Address page) {
            return ++opened, os::open_pages({page, page + kPageSize});
          },
          [](Address page) {
            ++closed, static_cast<void>(os::close_pages({page, page + kPageSize}));
          }};
}

[[gnu::noinline]] void store_at(Address address) {
  byte_at(address) = 1;
  asm volatile("" ::: "memory");
}

Ending going_on() {
  Ending ending;
  ending.go_on = true;
  ending.door = door_of_protection();
  return ending;
}

}  // namespace

#if defined(__x86_64__)

TEST_CASE("the program goes on after each fault, and each place is told once", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  const auto survives = [&](Handler& handler) {
    for (int turn = 0; turn < 3; ++turn) store_at(block.bytes().end + 4);
    const bool stepped = opened == 3 && closed == 3 && handler.findings() == 3 && handler.reports() == 1;
    static_cast<void>(char{byte_at(block.bytes().end + 5)});
    _exit(stepped && opened == 4 && closed == 4 && handler.reports() == 2 ? 7 : 1);
  };
  CHECK(with_handler(rig, survives, going_on()).exited_with(7));
  CHECK(count(rig.log(), "SUMMARY: Fencepost: heap-buffer-overflow") == 2);
}

TEST_CASE("an instruction that meets two fences gets through both", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  const auto survives = [&](Handler&) {
    const Address page = align_up(block.bytes().end, kPageSize) + kPageSize;
    *reinterpret_cast<volatile std::uint64_t*>(page - 4) = 1;
    _exit(opened == 2 && closed == 2 ? 7 : 1);
  };
  CHECK(with_handler(rig, survives, going_on()).exited_with(7));
}

TEST_CASE("the mask of a thread that goes on is its own again", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  const auto survives = [&](Handler&) {
    sigset_t before, after;
    sigemptyset(&before);
    sigaddset(&before, SIGUSR2);
    static_cast<void>(os::kernel_sigprocmask(SIG_SETMASK, &before, nullptr));
    byte_at(block.bytes().end + 4) = 1;
    static_cast<void>(os::kernel_sigprocmask(SIG_BLOCK, nullptr, &after));
    const bool same = sigismember(&after, SIGUSR2) == 1 && sigismember(&after, SIGUSR1) == 0;
    _exit(same ? 7 : 1);
  };
  CHECK(with_handler(rig, survives, going_on()).exited_with(7));
}

TEST_CASE("a breakpoint of the program's own is no step of ours", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(
            rig, [](Handler&) { raise(SIGTRAP); }, going_on())
            .died_of(SIGTRAP));
}

TEST_CASE("what is no fence ends the program even if it would go on", "[fault]") {
  FaultRig rig;
  CHECK(with_handler(
            rig, [](Handler&) { byte_at(0x18) = 1; }, going_on())
            .died_of(SIGSEGV));
  CHECK(rig.log_has("wild-access"));
}

TEST_CASE("a suppressed fault is let through, whatever else would be done about it", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  Ending ending = going_on();
  ending.go_on = false;
  const auto survives = [&](Handler& handler) {
    for (int turn = 0; turn < 3; ++turn) store_at(block.bytes().end + 4);
    _exit(opened == 3 && closed == 3 && handler.findings() == 0 && handler.reports() == 0 ? 7 : 1);
  };
  CHECK(with_suppressions(rig, "heap-buffer-overflow module=program", survives, ending).exited_with(7));
  CHECK(rig.log().empty());
}

TEST_CASE("what no suppression is about is told and ends the process", "[fault]") {
  FaultRig rig;
  const BlockRecord& block = rig.add_block(40);
  Ending ending = going_on();
  ending.go_on = false;
  const auto dies = [&](Handler&) { store_at(block.bytes().end + 4); };
  CHECK(with_suppressions(rig, "heap-buffer-overflow module=other", dies, ending).died_of(SIGSEGV));
  CHECK(count(rig.log(), "SUMMARY: Fencepost: heap-buffer-overflow") == 1);
}

#endif

TEST_CASE("a suppressed fault that nothing can be done about ends the process without a report", "[fault]") {
  FaultRig rig;
  const auto dies = [](Handler&) { byte_at(0x18) = 1; };
  CHECK(with_suppressions(rig, "wild-access", dies).died_of(SIGSEGV));
  CHECK(rig.log().empty());
  CHECK(with_suppressions(rig, "double-free", dies).died_of(SIGSEGV));
  CHECK(count(rig.log(), "SUMMARY: Fencepost: wild-access") == 1);
}

TEST_CASE("nothing is suppressed without suppressions", "[fault]") {
  FaultRig rig;
  BlockRecord& block = rig.add_block(40);
  rig.free_block(block);
  CHECK(with_handler(rig, [&](Handler& handler) {
          _exit(handler.suppresses(double_free_of(block), {}) || handler.owns(SIGTRAP) ? 1 : 7);
        }).exited_with(7));
  CHECK(with_suppressions(rig, "double-free", [&](Handler& handler) {
          _exit(handler.suppresses(double_free_of(block), {}) && handler.owns(SIGTRAP) ? 7 : 1);
        }).exited_with(7));
}
