#include "cli/valgrind_log.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace fencepost;
using cli::memcheck_sentence;
using findings::Finding;

namespace {

Finding of_kind(const char* kind, const char* access = "") {
  Finding finding;
  finding.kind = kind;
  finding.access = access;
  finding.process.pid = 42;
  return finding;
}

}  // namespace

TEST_CASE("every kind has a sentence that readers of Valgrind's log know", "[cli]") {
  CHECK(memcheck_sentence(of_kind("heap-buffer-overflow", "write")).starts_with("Invalid write of size "));
  CHECK(memcheck_sentence(of_kind("use-after-free", "read")).starts_with("Invalid read of size "));
  CHECK(memcheck_sentence(of_kind("wild-access", "execute")).starts_with("Jump to the invalid address "));
  CHECK(memcheck_sentence(of_kind("double-free")) == "Invalid free() / delete / delete[] / realloc()");
  CHECK(memcheck_sentence(of_kind("invalid-free")) == "Invalid free() / delete / delete[] / realloc()");
  CHECK(memcheck_sentence(of_kind("mismatched-deallocation")) == "Mismatched free() / delete / delete []");
  CHECK(memcheck_sentence(of_kind("mismatched-size")) == "Mismatched free() / delete / delete []");
  Finding slack = of_kind("slack-overwritten");
  slack.damage = findings::Damage{.begin = 0x1000, .end = 0x1008, .count = 5};
  CHECK(memcheck_sentence(slack) == "Invalid write of size 5");
  Finding call = of_kind("bad-syscall-buffer");
  call.system_call = findings::SystemCall{.name = "read", .argument = 2};
  CHECK(memcheck_sentence(call) == "Syscall param read(argument 2) points to unaddressable byte(s)");
}

TEST_CASE("a finding with its traces, source lines where they are known", "[cli]") {
  Finding finding = of_kind("use-after-free", "read");
  finding.place = {"0x5000 is 4 bytes inside freed 8-byte block [0x4ffc,0x5004)"};
  findings::Trace error{.role = "error"};
  error.frames.push_back({.pc = 0xabc, .module = "/bin/x", .function = "use"});
  error.frames[0].source = {{.function = "inner", .file = "a.h", .line = 7, .inlined = true},
                            {.function = "use", .file = "a.c", .line = 9}};
  findings::Trace freed{.role = "freed", .with = "free"};
  freed.frames.push_back({.pc = 0xdef, .module = "/lib/y"});
  finding.traces = {error, freed};
  finding.count = 3;
  std::ostringstream out;
  cli::write_valgrind_log(out, {finding});
  CHECK(out.str() ==
        "==42== use-after-free: Invalid read of size 1\n"
        "==42==    at 0xABC: inner (a.h:7)\n"
        "==42==    by 0xABC: use (a.c:9)\n"
        "==42==  0x5000 is 4 bytes inside freed 8-byte block [0x4ffc,0x5004)\n"
        "==42==  Block was freed by free at\n"
        "==42==    at 0xDEF: ??? (in /lib/y)\n"
        "==42==  Found 3 times\n"
        "==42== \n");
}

TEST_CASE("what a program controls can't break the log", "[cli]") {
  Finding finding = of_kind("use-after-free", "read");
  findings::Trace error{.role = "error"};
  error.frames.push_back({.pc = 1, .module = "/bin/x\n==42== Invalid free()", .function = "\033[2J"});
  finding.traces = {error};
  std::ostringstream out;
  cli::write_valgrind_log(out, {finding});
  CHECK(out.str().find("\\x0a==42== Invalid") != std::string::npos);
  CHECK(out.str().find('\033') == std::string::npos);
}
