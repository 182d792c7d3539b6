// Accesses past either end of a live block.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"

namespace fencepost::endtoend {
namespace {

Bug overflow(std::string program, std::string action, support::Place place, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "heap-buffer-overflow";
  rest.action = std::move(action);
  rest.place = place;
  if (rest.error.empty()) rest.error = {"overrun", "main"};
  if (rest.allocation.empty()) rest.allocation = {"main"};
  return rest;
}

TEST_CASE("an overrun stops at its instruction", "[overflow]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_write_by_1", "WRITE", after(0, 16), {.allocation = {"make_block", "main"}}),
      overflow("overrun_read_by_1", "READ", after(0, 16), {.allocation = {"make_block", "main"}}),
      overflow("overrun_read_of_4", "READ", after(0, 48)),
      overflow("overrun_read_straddling_the_end", "READ", after(0, 48)),
      overflow("overrun_write_100_after", "WRITE", after(100, 48)),
      overflow("overrun_read_modify_write", "READ", after(0, 16)),
      overflow("overrun_large_block", "WRITE", after(15, 1000001)),
      overflow("overrun_block_of_many_chunks", "WRITE", after(0, 10 << 20)),
      overflow("overrun_zero_byte_block", "WRITE", after(0, 0)),
      overflow("overrun_by_memcpy", "WRITE", after(0, 64), {.error = {"*", "overrun", "main"}}),
      overflow("overrun_in_qsort_callback", "READ", after(0, 16), {.error = {"compare", "...", "main"}}),
  })));
}

TEST_CASE("the report names the function that allocated", "[overflow]") {
  check_bug(GENERATE(values<Bug>({
      overflow("overrun_calloc", "READ", after(0, 32), {.allocated_with = "calloc"}),
      overflow("overrun_realloc", "WRITE", after(0, 32), {.allocated_with = "realloc"}),
      overflow("overrun_reallocarray", "WRITE", after(0, 32), {.allocated_with = "reallocarray"}),
      overflow("overrun_aligned_alloc", "WRITE", after(0, 128), {.allocated_with = "aligned_alloc"}),
      overflow("overrun_posix_memalign", "WRITE", after(0, 96), {.allocated_with = "posix_memalign"}),
      overflow("overrun_memalign_8192", "WRITE", after(0, 8192), {.allocated_with = "memalign"}),
      overflow("overrun_valloc", "WRITE", after(0, 4096), {.allocated_with = "valloc"}),
      overflow("overrun_pvalloc", "WRITE", after(0, 8192), {.allocated_with = "pvalloc"}),
      overflow("overrun_strdup", "READ", after(0, 16), {.allocation = {"*", "main"}}),
      overflow("overrun_new", "WRITE", after(0, 16), {.allocated_with = "operator new"}),
      overflow("overrun_new_array", "WRITE", after(0, 48), {.allocated_with = "operator new[]"}),
      overflow("overrun_new_nothrow", "WRITE", after(0, 48), {.allocated_with = "operator new[]"}),
      overflow("overrun_new_aligned", "WRITE", after(0, 128), {.allocated_with = "aligned operator new"}),
      overflow(
          "overrun_vector", "WRITE", after(0, 48),
          {.allocation = {"_ZNSt15__new_allocatorIiE8allocateEmPKv", "...", "main"}, .allocated_with = "operator new"}),
  })));
}

TEST_CASE("a trace of an allocation is as deep as depth says, that of an error is whole", "[overflow]") {
  const Frames twenty_four(24, "make");
  Frames forty_one(41, "overrun");
  forty_one.push_back("main");
  check_bug(overflow("overrun_40_calls_deep", "READ", after(0, 16), {.error = forty_one, .allocation = twenty_four}));
}

TEST_CASE("an underrun of a block that fills its pages stops at its instruction", "[overflow]") {
  check_bug(GENERATE(values<Bug>({
      {.program = "underrun_write_page_block",
       .kind = "heap-buffer-underflow",
       .action = "WRITE",
       .place = before(1, 4096),
       .error = {"underrun", "main"},
       .allocation = {"main"}},
      {.program = "underrun_read_page_block",
       .kind = "heap-buffer-underflow",
       .action = "READ",
       .place = before(4, 4096),
       .error = {"underrun", "main"},
       .allocation = {"main"}},
  })));
}

}  // namespace
}  // namespace fencepost::endtoend
