// The same overrun wherever a program may have it: in threads, handlers, children, plugins, and early and
// late.
#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "endtoend/bug.h"
#include "endtoend/clean.h"
#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

Bug overflow(std::string program, std::string action, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "heap-buffer-overflow";
  rest.action = std::move(action);
  rest.place = after(0, 16);
  if (rest.error.empty()) rest.error = {"overrun", "main"};
  if (rest.allocation.empty()) rest.allocation = {"main"};
  return rest;
}

/// In a thread of its own.
Bug in_thread(std::string program, Bug rest = {}) {
  if (rest.error.empty()) rest.error = {"overrun"};
  if (rest.thread == "T0") rest.thread = "T1";
  return overflow(std::move(program), "WRITE", std::move(rest));
}

TEST_CASE("before and after main", "[surroundings]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_in_constructor", "READ", {.error = {"overrun"}, .allocation = {"overrun"}}),
      overflow("overrun_in_static_initializer", "READ",
               {.error = {"overrun", "_ZN5EarlyC1Ev"}, .allocation = {"_ZN5EarlyC1Ev"}}),
      overflow("overrun_in_atexit_handler", "READ", {.error = {"overrun", "...", "exit"}}),
      overflow("overrun_in_destructor", "READ", {.error = {"overrun", "...", "exit"}}),
  })));
}

TEST_CASE("in a sandbox of the program's own", "[surroundings]") {
  check_clean({.program = "clean_sandbox", .out = "fine\n"});
  for (const Setting& setting : all_settings_and_batches()) {
    const support::Outcome outcome = run("clean_sandbox", setting, "verbosity=1");
    INFO(describe(setting) << "\n" << outcome.err);
    CHECK(outcome.err.find(" 100.0% guarded") != std::string::npos);
  }
}

TEST_CASE("in threads", "[surroundings]") {
  check_bug(GENERATE(values<Bug>({
      in_thread("overrun_in_thread"),
      in_thread("overrun_in_named_thread",
                {.allocation = {"overrun"}, .thread = "T1 (indexer)", .allocated_by = "T1 (indexer)"}),
      in_thread("overrun_with_signals_blocked_in_thread"),
      in_thread("overrun_with_signals_blocked_by_creator"),
      in_thread("overrun_on_small_stack"),
  })));
}

TEST_CASE("in a thread that was created with all signals blocked by its attributes", "[surroundings]") {
  check_bug(in_thread("overrun_with_signals_blocked_by_attribute"));
}

TEST_CASE("with little stack left", "[surroundings]") {
  check_bug(
      overflow("overrun_with_little_stack_left", "READ", {.error = {"overrun", "overrun", "..."}, .thread = "T1"}));
}

/// What every_broken_stack does when it is told so; `error` is what is left of the trace.
Bug on_broken_stack(const char* what, const char* value, const char* where, Frames error) {
  const char* const thread = where == std::string("thread") ? "T1" : "T0";
  return overflow("every_broken_stack", "WRITE",
                  {.arguments = {what, value, where},
                   .error = std::move(error),
                   .allocation = {"make_block", "run"},
                   .thread = thread,
                   .allocated_by = thread});
}

TEST_CASE("with a stack that can't be walked", "[surroundings]") {
  for (const char* const where : {"main", "thread"}) {
    for (const char* const value : {"zero", "non_canonical", "unmapped", "fenced", "garbage"}) {
      check_bug(on_broken_stack("frame", value, where, {"overrun_in_frame"}));
      check_bug(on_broken_stack("caller", value, where, {"overrun_below_frame", "run"}));
      check_bug(on_broken_stack("frame_pointer", value, where, {"overrun_without_frame_pointer"}));
      check_bug(on_broken_stack("stack_pointer", value, where, {"overrun_without_stack_pointer"}));
    }
    check_bug(on_broken_stack("loop", "zero", where, {"overrun_in_loop"}));
  }
}

TEST_CASE("beside the program's own signal handling", "[surroundings]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_in_signal_handler", "WRITE", {.error = {"overrun", "...", "main"}}),
      overflow("overrun_in_handler_that_blocks_all", "WRITE", {.error = {"overrun", "...", "main"}}),
      overflow("overrun_with_own_sigsegv_handler", "WRITE"),
      overflow("overrun_with_sigsegv_ignored", "WRITE"),
      overflow("overrun_on_own_signal_stack", "WRITE"),
  })));
}

TEST_CASE("in children", "[surroundings]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_in_forked_child", "WRITE", {.ending = "exit 11", .in_child = true}),
      overflow("overrun_in_child_of_thread", "WRITE",
               {.error = {"overrun", "fork_here"},
                .allocation = {"fork_here"},
                .ending = "exit 11",
                .thread = "T1",
                .allocated_by = "T1",
                .in_child = true}),
  })));
}

TEST_CASE("in plugins", "[surroundings]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_in_plugin", "WRITE", {.error = {"overrun", "plugin_overrun", "main"}}),
      {.program = "use_after_free_by_closed_plugin",
       .kind = "use-after-free",
       .action = "READ",
       .place = freed(inside(2, 48)),
       .error = {"main"},
       .allocation = {"plugin_make_and_release", "main"},
       .release = {"plugin_make_and_release", "main"}},
  })));
}

TEST_CASE("without descriptors and environment", "[surroundings]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_after_closing_descriptors", "WRITE"),
      overflow("overrun_after_clearenv", "WRITE"),
  })));
}

std::set<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

// Whatever the report needs may be what is lost. The program gives each child thirty seconds. A report as JSON that
// could not be written is begun anew, as text.
void check_every_mapping_lost(const Setting& setting, const std::string& options) {
  support::Command program = command("every_mapping_lost", setting, options);
  program.time_limit = std::chrono::seconds(600);
  const support::Outcome outcome = support::run(program);
  INFO(describe(setting) << ", options " << options << "\n" << outcome.err);
  CHECK(outcome.ending() == "exit 0");
  CHECK(lines_of(outcome.out) == std::set<std::string>{"signal 11"});
  CHECK(outcome.err.find("SUMMARY: Fencepost: heap-buffer-overflow") != std::string::npos);
  CHECK(outcome.err.find("another fault while reporting; the report ends here") != std::string::npos);
}

TEST_CASE("a fault while reporting ends the report, and the program as it would have", "[surroundings]") {
  for (const Setting& setting : all_settings()) {
    check_every_mapping_lost(setting, "");
    check_every_mapping_lost(setting, "json_path=/dev/full");
  }
}

TEST_CASE("threads that fail at once make one whole report", "[surroundings]") {
  for (int round = 0; round < 10; ++round) {
    check_bug(in_thread("overrun_in_8_threads_at_once", {.thread = "T*"}));
    check_bug({.program = "double_free_in_8_threads_at_once",
               .kind = "double-free",
               .action = "free",
               .place = freed(start_of(48)),
               .error = {"free_again"},
               .allocation = {"main"},
               .release = {"main"},
               .ending = kAborts,
               .thread = "T*"});
    check_bug({.program = "double_free_racing",
               .kind = "double-free",
               .action = "free",
               .place = freed(start_of(48)),
               .error = {"release"},
               .allocation = {"main"},
               .release = {"release"},
               .ending = kAborts,
               .thread = "T*",
               .freed_by = "T*"});
  }
}

}  // namespace
}  // namespace fencepost::endtoend
