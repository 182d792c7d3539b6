// Addresses that are freed though they are not the start of a live block.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"

namespace fencepost::endtoend {
namespace {

Bug second_free(std::string program, std::uint64_t size, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "double-free";
  if (rest.action.empty()) rest.action = "free";
  rest.place = freed(start_of(size));
  rest.ending = kAborts;
  if (rest.allocation.empty()) rest.allocation = {"main"};
  if (rest.release.empty()) rest.release = {"main"};
  return rest;
}

Bug invalid_free(std::string program, support::Place place, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "invalid-free";
  if (rest.action.empty()) rest.action = "free";
  rest.place = place;
  rest.ending = kAborts;
  if (rest.error.empty()) rest.error = {"release", "main"};
  if (rest.allocation.empty() && !place.relation.empty()) rest.allocation = {"main"};
  return rest;
}

TEST_CASE("a second free is told with the first", "[bad_free]") {
  check_bug(GENERATE(values<Bug>({
      second_free("double_free", 48, {.error = {"second_free", "main"}, .release = {"first_free", "main"}}),
      second_free("double_free_in_other_thread", 48, {.error = {"free_again"}, .thread = "T1 (second)"}),
      second_free("double_free_of_large_block", 1000001,
                  {.error = {"free_twice", "main"}, .release = {"free_twice", "main"}}),
      second_free("free_after_realloc", 48, {.error = {"release", "main"}, .freed_with = "realloc"}),
      second_free("realloc_freed", 48, {.action = "realloc", .error = {"grow", "main"}}),
      second_free("delete_twice", 4,
                  {.action = "operator delete",
                   .error = {"second_delete", "main"},
                   .release = {"first_delete", "main"},
                   .allocated_with = "operator new",
                   .freed_with = "operator delete"}),
      second_free("delete_array_twice", 400,
                  {.action = "operator delete[]",
                   .error = {"delete_twice", "main"},
                   .release = {"delete_twice", "main"},
                   .allocated_with = "operator new[]",
                   .freed_with = "operator delete[]"}),
  })));
}

TEST_CASE("a second free of a block of no bytes is told with the first", "[bad_free]") {
  check_bug(second_free("double_free_of_zero_byte_block", 0,
                        {.error = {"free_twice", "main"}, .release = {"free_twice", "main"}}));
}

TEST_CASE("asking the size of a freed block is a use of it", "[bad_free]") {
  check_bug({.program = "usable_size_of_freed",
             .kind = "use-after-free",
             .action = "malloc_usable_size",
             .place = freed(start_of(48)),
             .error = {"ask", "main"},
             .allocation = {"main"},
             .release = {"main"},
             .ending = kAborts});
}

TEST_CASE("a free of what is no block is told with what it is", "[bad_free]") {
  check_bug(GENERATE(values<Bug>({
      invalid_free("free_interior_pointer", inside(16, 48)),
      invalid_free("free_one_before_block", before(1, 48)),
      invalid_free("free_end_of_block", after(0, 48)),
      invalid_free("realloc_interior_pointer", inside(8, 48), {.action = "realloc", .error = {"grow", "main"}}),
      invalid_free("delete_interior_pointer", inside(8, 48),
                   {.action = "operator delete[]", .allocated_with = "operator new[]"}),
      invalid_free("free_stack_address", nowhere(), {.elsewhere = "on the stack of this thread"}),
      invalid_free("realloc_stack_address", nowhere(),
                   {.action = "realloc", .error = {"grow", "main"}, .elsewhere = "on the stack of this thread"}),
      invalid_free("free_static_address", nowhere(), {.elsewhere = ", 0 bytes inside variable"}),
      invalid_free("free_member_of_static_array", nowhere(), {.elsewhere = ", 24 bytes inside table"}),
      invalid_free("free_string_constant", nowhere(), {.elsewhere = "in the static data of " FENCEPOST_PROGRAMS "/"}),
      invalid_free("free_function", nowhere(), {.elsewhere = ", in main"}),
      invalid_free("free_mapped_address", nowhere(),
                   {.elsewhere = "in mapped memory that no block was ever given from"}),
      invalid_free("free_wild_address", nowhere(), {.elsewhere = "not mapped"}),
      invalid_free("free_non_canonical_address", nowhere(), {.elsewhere = "not mapped"}),
  })));
}

TEST_CASE("a free of what belongs to a plugin is told with the plugin and the variable", "[bad_free]") {
  for (const char* const part : {FENCEPOST_PROGRAMS "/libplugin_table.so+0x", ", 24 bytes inside table"}) {
    check_bug(invalid_free("free_variable_of_plugin", nowhere(), {.elsewhere = part}));
  }
}

TEST_CASE("asking the size of what is no block is told with what it is", "[bad_free]") {
  const Frames ask{"ask", "main"};
  check_bug(
      invalid_free("usable_size_of_interior_pointer", inside(16, 48), {.action = "malloc_usable_size", .error = ask}));
  check_bug(invalid_free("usable_size_of_stack_address", nowhere(),
                         {.action = "malloc_usable_size", .error = ask, .elsewhere = "on the stack of this thread"}));
}

TEST_CASE("a second free is told as one though nothing else is known any more", "[bad_free]") {
  check_bug({.program = "double_free_of_expired_block",
             .kind = "double-free",
             .action = "free",
             .place = nowhere(),
             .error = {"free_again", "main"},
             .ending = kAborts,
             .elsewhere = "was freed; its history has expired (see the option history)",
             .options = "history=0"});
  check_bug(second_free("double_free_of_expired_block", 48, {.error = {"free_again", "main"}}));
}

TEST_CASE("a free of what is on a stack is told with whose stack it is", "[bad_free]") {
  check_bug(invalid_free("free_address_on_other_stack", nowhere(),
                         {.error = {"release"}, .thread = "T1", .elsewhere = "on the stack of thread T0"}));
  check_bug(invalid_free("free_argument", nowhere(),
                         {.error = {"release"}, .thread = "T1", .elsewhere = "on the stack of thread T0"}));
  check_bug(invalid_free("free_address_on_thread_stack", nowhere(), {.elsewhere = "on the stack of thread T1"}));
}

}  // namespace
}  // namespace fencepost::endtoend
