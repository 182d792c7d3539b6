#include "os/fault_context.h"

#include <catch2/catch.hpp>
#include <csignal>

#include "os/pages.h"
#include "os/process.h"
#include "os/signals.h"
#include "support.h"

using namespace fencepost;
using record::Access;

namespace {

struct Seen {
  bool seen = false;
  os::FaultContext fault;
};

Seen* seen_in_child = nullptr;

void keep_and_leave(int, siginfo_t* info, void* context) {
  *seen_in_child = {true, os::decode_fault(*info, context)};
  _exit(0);
}

/// What the handler is told about the signal that `body` raises in a child.
template <typename Body>
Seen signal_of(Body body) {
  test::Shared<Seen> seen;
  static_cast<void>(test::in_child([&] {
    seen_in_child = &*seen;
    if (os::install_handler(SIGSEGV, keep_and_leave) && os::install_handler(SIGBUS, keep_and_leave)) body();
  }));
  return *seen;
}

Address closed_page() {
  static const Range page = os::reserve(kPageSize);
  return page.begin;
}

Address open_page() {
  static const Range page = os::map_memory(kPageSize);
  return page.begin;
}

[[noreturn]] void leave_if_aligned() { _exit(reinterpret_cast<Address>(__builtin_frame_address(0)) % 16 == 0 ? 7 : 8); }

void go_on_elsewhere(int, siginfo_t*, void* context) { os::continue_in(context, leave_if_aligned); }

}  // namespace

TEST_CASE("a load that faults is a read", "[os]") {
  const Address at = closed_page() + 17;
  const Seen seen = signal_of([=] { static_cast<void>(char{test::byte_at(at)}); });
  REQUIRE(seen.seen);
  CHECK(seen.fault.access == Access::read);
  CHECK(seen.fault.address == at);
  CHECK(seen.fault.address_known);
  CHECK_FALSE(seen.fault.raised_by_program);
}

TEST_CASE("a store that faults is a write", "[os]") {
  const Address at = closed_page() + 4095;
  const Seen seen = signal_of([=] { test::byte_at(at) = 1; });
  REQUIRE(seen.seen);
  CHECK(seen.fault.access == Access::write);
  CHECK(seen.fault.address == at);
}

TEST_CASE("a jump into data is an execute, at that very pc", "[os]") {
  const Address at = open_page();
  const Seen seen = signal_of([=] { reinterpret_cast<void (*)()>(at)(); });
  REQUIRE(seen.seen);
  CHECK(seen.fault.access == Access::execute);
  CHECK(seen.fault.address == at);
  CHECK(seen.fault.pc == at);
}

TEST_CASE("pc and sp are the interrupted thread's", "[os]") {
  const Address here = test::address_of(__builtin_frame_address(0));
  const Seen seen = signal_of([] { test::byte_at(closed_page()) = 1; });
  REQUIRE(seen.seen);
  CHECK(seen.fault.sp < here);
  CHECK(here - seen.fault.sp < 65536);
  CHECK(seen.fault.pc != 0);
}

#if defined(__x86_64__)
TEST_CASE("an address that is not canonical is not known", "[os]") {
  const Seen seen = signal_of([] { test::byte_at(0x8000'0000'0000'0000) = 1; });
  REQUIRE(seen.seen);
  CHECK_FALSE(seen.fault.address_known);
  CHECK_FALSE(seen.fault.raised_by_program);
}
#endif

TEST_CASE("a signal that was sent is told from a fault", "[os]") {
  const Seen sent = signal_of([] { os::raise_here(SIGSEGV); });
  REQUIRE(sent.seen);
  CHECK(sent.fault.raised_by_program);
}

TEST_CASE("a thread goes on in a function as if it had been called", "[os]") {
  CHECK(test::in_child([] {
          if (os::install_handler(SIGSEGV, go_on_elsewhere)) test::byte_at(closed_page()) = 1;
        }).exited_with(7));
}

TEST_CASE("registers and code of the interrupted instruction", "[os]") {
#if defined(__x86_64__)
  ucontext_t context{};
  context.uc_mcontext.gregs[REG_R15] = 15;
  context.uc_mcontext.gregs[REG_RIP] = 0x401000;
  os::Register registers[os::kMaxRegisters];
  REQUIRE(os::read_registers(&context, registers) == os::kMaxRegisters);
  CHECK(registers[0].name == "rax");
  CHECK(registers[15].name == "r15");
  CHECK(registers[15].value == 15);
  CHECK(registers[16].name == "rip");
  CHECK(registers[16].value == 0x401000);
#endif
}

TEST_CASE("code is read as far as its page goes", "[os]") {
  const Range pages = os::reserve(2 * kPageSize);
  REQUIRE(os::open_pages({pages.begin, pages.begin + kPageSize}));
  test::byte_at(pages.begin + kPageSize - 3) = 7;
  CHECK(test::holds_in_child([&] {
    test::catch_faults_in_attempts();
    std::uint8_t bytes[os::kMaxInstruction];
    return os::read_code(pages.begin, bytes) == os::kMaxInstruction &&
           os::read_code(pages.begin + kPageSize - 3, bytes) == 3 && bytes[0] == 7 &&
           os::read_code(pages.begin + kPageSize, bytes) == 0;
  }));
  os::give_back(pages);
}
