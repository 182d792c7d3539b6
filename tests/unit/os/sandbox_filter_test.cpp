#include "os/sandbox_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <vector>

#include "support.h"

using namespace fencepost;
using os::SystemCall;

namespace {

using Program = std::vector<sock_filter>;

constexpr auto kNumber = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));
constexpr auto kSecondArgument = static_cast<std::uint32_t>(offsetof(seccomp_data, args) + sizeof(std::uint64_t));

bool survives(Program program, const SystemCall& call) {
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return os::is_survived(filter, call);
}

sock_filter statement(int code, std::uint32_t k) { return {static_cast<std::uint16_t>(code), 0, 0, k}; }
sock_filter answer(std::uint32_t action) { return statement(BPF_RET | BPF_K, action); }
sock_filter load(std::uint32_t at) { return statement(BPF_LD | BPF_W | BPF_ABS, at); }
sock_filter jump(int code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
  return {static_cast<std::uint16_t>(BPF_JMP | BPF_K | code), yes, no, k};
}

/// Whether the accumulator is `expected` after these.
bool leaves(Program program, std::uint32_t expected) {
  program.push_back(jump(BPF_JEQ, expected, 1, 0));
  program.push_back(answer(SECCOMP_RET_KILL_THREAD));
  program.push_back(answer(SECCOMP_RET_ALLOW));
  return survives(program, {SYS_read});
}

}  // namespace

TEST_CASE("what is allowed, logged or answered with an error is survived, all else is not", "[os]") {
  for (const auto action : {SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_ERRNO | 1U}) {
    CHECK(survives({answer(action)}, {SYS_read}));
  }
  for (const auto action : {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_TRACE,
                            SECCOMP_RET_USER_NOTIF}) {
    CHECK_FALSE(survives({answer(action)}, {SYS_read}));
  }
}

TEST_CASE("a filter tells calls by number, machine and arguments", "[os]") {
  const Program by_number{load(kNumber), jump(BPF_JEQ, SYS_madvise, 0, 1), answer(SECCOMP_RET_KILL_PROCESS),
                          answer(SECCOMP_RET_ALLOW)};
  CHECK_FALSE(survives(by_number, {SYS_madvise}));
  CHECK(survives(by_number, {SYS_mprotect}));
  const Program by_argument{load(kSecondArgument), jump(BPF_JGT, 7, 0, 1), answer(SECCOMP_RET_TRAP),
                            answer(SECCOMP_RET_ALLOW)};
  CHECK(survives(by_argument, {SYS_madvise, {0, 7}}));
  CHECK_FALSE(survives(by_argument, {SYS_madvise, {0, 8}}));
  const Program foreign{load(offsetof(seccomp_data, arch)), jump(BPF_JEQ, AUDIT_ARCH_ARM, 0, 1),
                        answer(SECCOMP_RET_ALLOW), answer(SECCOMP_RET_KILL_PROCESS)};
  CHECK_FALSE(survives(foreign, {SYS_read}));
}

TEST_CASE("filters calculate, remember and jump as the kernel has them do", "[os]") {
  const auto calculate = [](int operation, std::uint32_t from, std::uint32_t by) {
    return Program{statement(BPF_LD | BPF_IMM, from), statement(BPF_ALU | BPF_K | operation, by)};
  };
  CHECK(leaves(calculate(BPF_ADD, 5, 3), 8));
  CHECK(leaves(calculate(BPF_SUB, 5, 6), 0xffffffff));
  CHECK(leaves(calculate(BPF_MUL, 5, 3), 15));
  CHECK(leaves(calculate(BPF_DIV, 17, 5), 3));
  CHECK(leaves(calculate(BPF_AND, 0xff, 0x18), 0x18));
  CHECK(leaves(calculate(BPF_OR, 0xf0, 0x0f), 0xff));
  CHECK(leaves(calculate(BPF_XOR, 0xff, 0x0f), 0xf0));
  CHECK(leaves(calculate(BPF_LSH, 1, 4), 16));
  CHECK(leaves(calculate(BPF_RSH, 16, 4), 1));
  CHECK(leaves(calculate(BPF_NEG, 1, 0), 0xffffffff));
  CHECK_FALSE(leaves(calculate(BPF_DIV, 17, 0), 0));
  CHECK(leaves({statement(BPF_LD | BPF_IMM, 7), statement(BPF_ST, 3), statement(BPF_LD | BPF_IMM, 1),
                statement(BPF_LDX | BPF_MEM, 3), statement(BPF_ALU | BPF_ADD | BPF_X, 0)},
               8));
  CHECK(leaves({statement(BPF_LD | BPF_IMM, 7), statement(BPF_MISC | BPF_TAX, 0), statement(BPF_LD | BPF_IMM, 0),
                statement(BPF_MISC | BPF_TXA, 0)},
               7));
  CHECK(leaves({statement(BPF_LD | BPF_LEN, 0)}, sizeof(seccomp_data)));
  CHECK(leaves({statement(BPF_LD | BPF_IMM, 6), jump(BPF_JSET, 2, 1, 0), statement(BPF_LD | BPF_IMM, 0)}, 6));
  CHECK(leaves({statement(BPF_LD | BPF_IMM, 6), jump(BPF_JGE, 6, 1, 0), statement(BPF_LD | BPF_IMM, 0)}, 6));
  CHECK(leaves({statement(BPF_LD | BPF_IMM, 6), statement(BPF_JMP | BPF_JA, 1), statement(BPF_LD | BPF_IMM, 0)}, 6));
}

TEST_CASE("what is no filter is survived by nobody", "[os]") {
  CHECK_FALSE(survives({load(kNumber)}, {SYS_read}));                                      // runs off its end
  CHECK_FALSE(survives({statement(BPF_JMP | BPF_JA, 100)}, {SYS_read}));                   // jumps off it
  CHECK_FALSE(survives({load(1)}, {SYS_read}));                                            // an odd offset
  CHECK_FALSE(survives({load(sizeof(seccomp_data))}, {SYS_read}));                         // beyond the call
  CHECK_FALSE(survives({statement(BPF_ST, BPF_MEMWORDS)}, {SYS_read}));                    // beyond its memory
  CHECK_FALSE(survives({statement(BPF_LD | BPF_W | BPF_IND, 0), answer(0)}, {SYS_read}));  // of packets only
  CHECK(test::holds_in_child([] {
    test::catch_faults_in_attempts();
    const sock_fprog nowhere{1, reinterpret_cast<sock_filter*>(16)};
    return !os::is_survived(nowhere, {SYS_read});
  }));
}
