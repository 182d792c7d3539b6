// System calls that are given memory behind a fence: told, and the program goes on.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/clean.h"
#include "endtoend/flavours.h"

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
      {.program = "clean_cancelled_calls"},
      {.program = "clean_interrupted_calls"},
  })));
}

}  // namespace
}  // namespace fencepost::endtoend
