// Accesses to freed blocks.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"

namespace fencepost::endtoend {
namespace {

Bug use(std::string program, std::string action, support::Place place, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "use-after-free";
  rest.action = std::move(action);
  rest.place = freed(place);
  if (rest.error.empty()) rest.error = {"use", "main"};
  if (rest.allocation.empty()) rest.allocation = {"main"};
  if (rest.release.empty()) rest.release = {"main"};
  return rest;
}

TEST_CASE("a use of a freed block stops at its instruction", "[use_after_free]") {
  const char* const kNew = "operator new";
  const char* const kDelete = "operator delete";
  check_bug(GENERATE_COPY(values<Bug>({
      use("use_after_free_read", "READ", inside(5, 48),
          {.allocation = {"make_block", "main"}, .release = {"release", "main"}}),
      use("use_after_free_write", "WRITE", inside(0, 48), {.release = {"release", "main"}}),
      use("use_after_free_write_in_thread", "WRITE", inside(7, 48), {.error = {"use"}, .thread = "T1"}),
      use("use_after_free_in_thread_that_ended", "READ", inside(47, 48),
          {.error = {"main"}, .release = {"release"}, .freed_by = "T1 (releaser)"}),
      use("use_after_free_after_10000_others", "READ", inside(0, 48)),
      use("use_after_free_with_all_memory_locked", "READ", inside(5, 48)),
      use("use_after_free_of_locked_block", "READ", inside(5, 48)),
      use("use_after_free_of_locked_5000_byte_block", "READ", inside(4500, 5000)),
      use("use_after_free_of_expired_block", "READ", inside(0, 48)),
      use("use_after_free_of_large_block", "READ", inside(600000, 1000001)),
      use("use_after_free_past_the_end", "READ", after(3, 16)),
      use("use_after_free_in_forked_child", "READ", inside(3, 48), {.ending = "exit 11", .in_child = true}),
      use("use_after_realloc", "WRITE", inside(10, 48), {.freed_with = "realloc"}),
      use("use_after_realloc_of_large_block", "WRITE", inside(1500000, 2000000), {.freed_with = "realloc"}),
      use("use_after_realloc_to_zero", "READ", inside(1, 48), {.freed_with = "realloc"}),
      use("execute_freed_block", "EXECUTE", inside(0, 48), {.error = {"?", "call", "main"}}),
      use("use_after_delete", "READ", inside(0, 32),
          {.error = {"*", "...", "use", "main"},
           .allocation = {"main"},
           .release = {"main"},
           .allocated_with = kNew,
           .freed_with = kDelete}),
      use("use_of_dangling_reference", "READ", inside(0, 16),
          {.allocation = {"_ZNSt15__new_allocatorIiE8allocateEmPKv", "...", "main"},
           .release = {"_ZNSt15__new_allocatorIiE10deallocateEPim", "...", "main"},
           .allocated_with = kNew,
           .freed_with = kDelete}),
  })));
}

TEST_CASE("a use of a freed block is told as one though nothing else is known any more", "[use_after_free]") {
  check_bug({.program = "use_after_free_of_expired_block",
             .kind = "use-after-free",
             .action = "READ",
             .place = nowhere(),
             .error = {"use", "main"},
             .elsewhere = "was freed; its history has expired (see the option history)",
             .options = "history=0"});
}

TEST_CASE("with fence=batch a write to a freed block is found later", "[use_after_free]") {
  const auto late = [](std::string program, support::Place place, Bug rest) {
    rest.program = std::move(program);
    rest.kind = "use-after-free";
    rest.place = freed(place);
    rest.ending = kAborts;
    if (rest.allocation.empty()) rest.allocation = {"main"};
    rest.changed = 1;
    rest.late = true;
    rest.hint = "fence=now";
    return rest;
  };
  check_bug(GENERATE_COPY(values<Bug>({
      late("use_after_free_write", inside(0, 48),
           {.action = "found by exit", .release = {"release", "main"}, .bytes = {"01", "dd"}}),
      late("use_after_free_write_in_thread", inside(7, 48),
           {.action = "found by exit", .release = {"main"}, .bytes = {"01", "dd"}}),
      late("use_after_free_write_before_64_frees", inside(3, 24),
           {.action = "found by free", .error = {"release"}, .release = {"release", "main"}, .bytes = {"07", "dd"}}),
      late("use_after_free_write_before_thread_exit", inside(1, 40),
           {.action = "found by thread exit",
            .allocation = {"work"},
            .release = {"work"},
            .thread = "T1",
            .allocated_by = "T1",
            .freed_by = "T1",
            .bytes = {"05", "dd"}}),
  })));
}

}  // namespace
}  // namespace fencepost::endtoend
