// System calls that are given memory behind a fence: told, and the program goes on.
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "endtoend/bug.h"
#include "endtoend/clean.h"
#include "endtoend/flavours.h"
#include "support/temporary_directory.h"

namespace fencepost::endtoend {
namespace {

Bug bad(std::string program, std::string action, std::string call, support::Place place, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "bad-syscall-buffer";
  rest.action = std::move(action);
  rest.call = std::move(call);
  rest.place = place;
  rest.error = {"use", "main"};
  rest.allocation = {"main"};
  if (place.freed) rest.release = {"main"};
  rest.ending = "exit 0";
  rest.hint = "bad_syscall=die";
  return rest;
}

TEST_CASE("a buffer that the kernel could not use is told, and the call fails as it would", "[bad_buffer]") {
  check_bug(GENERATE_COPY(values<Bug>({
      bad("bad_read_past_the_end", "WRITE", "read, argument 2", after(0, 16)),
      bad("bad_read_fortified", "WRITE", "read, argument 2", after(0, 16)),
      bad("bad_read_100_times", "WRITE", "read, argument 2", after(0, 16)),
      bad("bad_write_past_the_end", "READ", "write, argument 2", after(0, 32)),
      bad("bad_write_to_pipe", "READ", "write, argument 2", after(0, 8192)),
      bad("bad_writev_second_piece", "READ", "writev, argument 2", after(0, 16)),
      bad("bad_sendmmsg_second_message", "READ", "sendmmsg, argument 2", after(0, 16)),
      bad("bad_recvmmsg_second_message", "WRITE", "recvmmsg, argument 2", freed(inside(0, 16))),
      bad("bad_recvmmsg_second_piece", "WRITE", "recvmmsg, argument 2", freed(inside(0, 16))),
      bad("bad_recv_into_freed_block", "WRITE", "recv, argument 2", freed(inside(3, 48))),
      bad("bad_stat_into_freed_struct", "WRITE", "stat, argument 2", freed(inside(0, 144))),
      bad("bad_stat_of_unterminated_path", "READ", "stat, argument 1", after(0, 4)),
      bad("bad_poll_of_freed_array", "READ", "poll, argument 1", freed(inside(0, 16)), {.allocated_with = "calloc"}),
      bad("bad_select_of_short_set", "READ", "select, argument 3", after(0, 8), {.allocated_with = "calloc"}),
      bad("bad_getcwd_size", "WRITE", "getcwd, argument 1", after(0, 4)),
      bad("bad_getpeername_length", "READ", "getpeername, argument 3", freed(inside(0, 4))),
      bad("bad_ioctl_argument", "WRITE", "ioctl, argument 3", after(0, 4)),
      bad("bad_fread_past_the_end", "WRITE", "fread, argument 1", after(0, 16)),
      bad("bad_fwrite_of_freed_block", "READ", "fwrite, argument 1", freed(inside(0, 100000))),
  })));
}

/// What every_bad_buffer does when it is told `what`.
struct Use {
  std::string what;
  const char* action;
  const char* call;
};

/// By the order of record/system_call.h.
const Use kUses[] = {
    {"read", "WRITE", "read, argument 2"},
    {"write", "READ", "write, argument 2"},
    {"pread", "WRITE", "pread, argument 2"},
    {"pwrite", "READ", "pwrite, argument 2"},
    {"readv", "WRITE", "readv, argument 2"},
    {"readv_pieces", "READ", "readv, argument 2"},
    {"writev", "READ", "writev, argument 2"},
    {"preadv", "WRITE", "preadv, argument 2"},
    {"pwritev", "READ", "pwritev, argument 2"},
    {"preadv2", "WRITE", "preadv2, argument 2"},
    {"pwritev2", "READ", "pwritev2, argument 2"},
    {"send", "READ", "send, argument 2"},
    {"sendto", "READ", "sendto, argument 2"},
    {"sendto_address", "READ", "sendto, argument 5"},
    {"sendmsg", "READ", "sendmsg, argument 2"},
    {"sendmsg_header", "READ", "sendmsg, argument 2"},
    {"sendmmsg", "READ", "sendmmsg, argument 2"},
    {"sendmmsg_headers", "READ", "sendmmsg, argument 2"},
    {"recv", "WRITE", "recv, argument 2"},
    {"recvfrom", "WRITE", "recvfrom, argument 2"},
    {"recvfrom_address", "WRITE", "recvfrom, argument 5"},
    {"recvfrom_length", "READ", "recvfrom, argument 6"},
    {"recvmsg", "WRITE", "recvmsg, argument 2"},
    {"recvmsg_header", "READ", "recvmsg, argument 2"},
    {"recvmmsg", "WRITE", "recvmmsg, argument 2"},
    {"recvmmsg_headers", "READ", "recvmmsg, argument 2"},
    {"recvmmsg_timeout", "READ", "recvmmsg, argument 5"},
    {"connect", "READ", "connect, argument 2"},
    {"bind", "READ", "bind, argument 2"},
    {"accept", "WRITE", "accept, argument 2"},
    {"accept_length", "READ", "accept, argument 3"},
    {"accept4", "WRITE", "accept4, argument 2"},
    {"getsockname", "WRITE", "getsockname, argument 2"},
    {"getsockname_length", "READ", "getsockname, argument 3"},
    {"getpeername", "WRITE", "getpeername, argument 2"},
    {"getsockopt", "WRITE", "getsockopt, argument 4"},
    {"getsockopt_length", "READ", "getsockopt, argument 5"},
    {"setsockopt", "READ", "setsockopt, argument 4"},
    {"poll", "READ", "poll, argument 1"},
    {"ppoll", "READ", "ppoll, argument 1"},
    {"ppoll_mask", "READ", "ppoll, argument 4"},
    {"select", "READ", "select, argument 2"},
    {"select_out", "READ", "select, argument 3"},
    {"select_other", "READ", "select, argument 4"},
    {"pselect", "READ", "pselect, argument 2"},
    {"pselect_out", "READ", "pselect, argument 3"},
    {"pselect_other", "READ", "pselect, argument 4"},
    {"pselect_mask", "READ", "pselect, argument 6"},
    {"epoll_ctl", "READ", "epoll_ctl, argument 4"},
    {"epoll_wait", "WRITE", "epoll_wait, argument 2"},
    {"epoll_pwait", "WRITE", "epoll_pwait, argument 2"},
    {"epoll_pwait_mask", "READ", "epoll_pwait, argument 5"},
    {"epoll_pwait2", "WRITE", "epoll_pwait2, argument 2"},
    {"epoll_pwait2_timeout", "READ", "epoll_pwait2, argument 4"},
    {"nanosleep", "READ", "nanosleep, argument 1"},
    {"clock_nanosleep", "READ", "clock_nanosleep, argument 3"},
    {"stat", "WRITE", "stat, argument 2"},
    {"stat_path", "READ", "stat, argument 1"},
    {"lstat", "WRITE", "lstat, argument 2"},
    {"lstat_path", "READ", "lstat, argument 1"},
    {"fstat", "WRITE", "fstat, argument 2"},
    {"fstatat", "WRITE", "fstatat, argument 3"},
    {"fstatat_path", "READ", "fstatat, argument 2"},
    {"statx", "WRITE", "statx, argument 5"},
    {"statx_path", "READ", "statx, argument 2"},
    {"readlink", "WRITE", "readlink, argument 2"},
    {"readlink_path", "READ", "readlink, argument 1"},
    {"readlinkat", "WRITE", "readlinkat, argument 3"},
    {"readlinkat_path", "READ", "readlinkat, argument 2"},
    {"getcwd", "WRITE", "getcwd, argument 1"},
    {"getdents64", "WRITE", "getdents64, argument 2"},
    {"getrandom", "WRITE", "getrandom, argument 1"},
    {"getentropy", "WRITE", "getentropy, argument 1"},
    {"ioctl_waiting", "WRITE", "ioctl, argument 3"},
    {"ioctl_window", "WRITE", "ioctl, argument 3"},
    {"ioctl_terminal", "WRITE", "ioctl, argument 3"},
    {"ioctl_nonblocking", "READ", "ioctl, argument 3"},
    {"fread", "WRITE", "fread, argument 1"},
    {"fwrite", "READ", "fwrite, argument 1"},
    {"fread_unlocked", "WRITE", "fread_unlocked, argument 1"},
    {"fwrite_unlocked", "READ", "fwrite_unlocked, argument 1"},
};

bool has_terminals() {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal >= 0) close(terminal);
  return terminal >= 0;
}

bool is_of_terminal(const Use& use) { return use.what == "ioctl_window" || use.what == "ioctl_terminal"; }

Bug bug_of(const Use& use, const char* how, support::Place place) {
  Bug bug = bad("every_bad_buffer", use.action, use.call, place, {.arguments = {use.what, how}});
  bug.error = {"use_" + use.what, "main"};
  bug.allocation = {"memory", "main"};
  if (place.freed) bug.release = {"memory", "main"};
  return bug;
}

TEST_CASE("every call tells of the memory that it could not use", "[every_bad_buffer]") {
  const bool with_terminals = has_terminals();
  if (!with_terminals) WARN("not checked: requests of terminals, of which there are none");
  for (const Use& use : kUses) {
    if (is_of_terminal(use) && !with_terminals) continue;
    check_bug(bug_of(use, "freed", freed(inside(0, 256))));
    check_bug(bug_of(use, "short", after(0, 16)));
  }
}

/// The names in an enumeration's lines: "  read,".
std::set<std::string> enumerators(const std::string& text, const std::string& enumeration) {
  std::set<std::string> names;
  std::istringstream lines(text.substr(text.find(enumeration)));
  for (std::string line; std::getline(lines, line) && line != "};";) {
    if (line.starts_with("  ") && line.ends_with(",")) names.insert(line.substr(2, line.size() - 3));
  }
  return names;
}

TEST_CASE("there is no call that is not among them", "[programs]") {
  const std::filesystem::path tests = FENCEPOST_TESTS_SOURCE;
  const std::string header = support::read_file(tests.parent_path() / "src" / "record" / "system_call.h");
  std::set<std::string> calls = enumerators(header, "enum class SystemCall");
  // No call, and what no program can be linked with any more; these are told as the functions that replaced them.
  for (const char* const name : {"none", "xstat", "lxstat", "fxstat", "fxstatat"}) CHECK(calls.erase(name) == 1);
  std::set<std::string> used;
  for (const Use& use : kUses) used.insert(std::string(use.call).substr(0, std::string(use.call).find(',')));
  CHECK(used == calls);
}

TEST_CASE("bad_syscall says what comes of it", "[bad_buffer]") {
  for (const char* const program : {"bad_read_past_the_end", "bad_stat_into_freed_struct", "bad_fread_past_the_end"}) {
    for (const Setting& setting : all_settings()) {
      INFO(program << ", " << describe(setting));
      const support::Outcome died = run(program, setting, "bad_syscall=die");
      CHECK(died.ending() == kAborts);
      CHECK(support::parse_reports(died.err).size() == 1);
      CHECK(run(program, setting, "bad_syscall=die:on_error=exit").ending() == "exit 86");
      const support::Outcome ignored = run(program, setting, "bad_syscall=ignore");
      CHECK(ignored.ending() == "exit 0");
      CHECK(ignored.err.empty());
    }
  }
}

TEST_CASE("calls that have nothing to do with blocks are let alone", "[bad_buffer]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_bad_pointers"},
      {.program = "clean_short_transfers"},
      {.program = "clean_recvmmsg_of_few", .out = "3\n"},
      {.program = "clean_cancelled_calls"},
      {.program = "clean_interrupted_calls"},
  })));
}

}  // namespace
}  // namespace fencepost::endtoend
