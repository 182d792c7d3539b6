// Blocks that are freed by another function, or as another size, than they were allocated with.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/clean.h"
#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

Bug mismatch(std::string program, std::string action, std::uint64_t size, std::string words, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = rest.kind.empty() ? "mismatched-deallocation" : rest.kind;
  rest.action = std::move(action);
  rest.place = start_of(size);
  rest.mismatch = std::move(words);
  rest.ending = kAborts;
  if (rest.error.empty()) rest.error = {"release", "main"};
  rest.allocation = {"main"};
  return rest;
}

TEST_CASE("a release by a function of another family is told with the right one", "[mismatch]") {
  check_bug(GENERATE(values<Bug>({
      mismatch("free_of_new", "free", 4, "operator delete frees what operator new allocates, not free",
               {.allocated_with = "operator new"}),
      mismatch("delete_of_malloc", "operator delete", 4, "free frees what malloc allocates, not operator delete"),
      mismatch("delete_of_new_array", "operator delete", 48,
               "operator delete[] frees what operator new[] allocates, not operator delete",
               {.allocated_with = "operator new[]"}),
      mismatch("delete_array_of_new", "operator delete[]", 1,
               "operator delete frees what operator new allocates, not operator delete[]",
               {.allocated_with = "operator new"}),
      mismatch("delete_of_aligned_new", "operator delete", 128,
               "aligned operator delete frees what aligned operator new allocates, not operator delete",
               {.allocated_with = "aligned operator new"}),
      mismatch("free_of_aligned_new", "free", 128,
               "aligned operator delete frees what aligned operator new allocates, not free",
               {.allocated_with = "aligned operator new"}),
      mismatch("aligned_delete_of_new", "aligned operator delete", 128,
               "operator delete frees what operator new allocates, not aligned operator delete",
               {.allocated_with = "operator new"}),
      mismatch("delete_array_of_aligned_new_array", "operator delete[]", 128,
               "aligned operator delete[] frees what aligned operator new[] allocates, not operator delete[]",
               {.allocated_with = "aligned operator new[]"}),
      mismatch("free_aligned_sized_with_wrong_alignment", "free_aligned_sized", 128,
               "freed with an alignment of 32, but allocated with one of 64", {.allocated_with = "aligned_alloc"}),
      mismatch("realloc_of_new", "realloc", 48, "operator delete[] frees what operator new[] allocates, not realloc",
               {.error = {"grow", "main"}, .allocated_with = "operator new[]"}),
      mismatch("free_sized_of_aligned_alloc", "free_sized", 128,
               "free frees what aligned_alloc allocates, not free_sized", {.allocated_with = "aligned_alloc"}),
      mismatch("delete_with_wrong_alignment", "aligned operator delete", 256,
               "freed with an alignment of 128, but allocated with one of 64",
               {.allocated_with = "aligned operator new"}),
  })));
}

TEST_CASE("a release with a wrong size is told with both", "[mismatch]") {
  check_bug(GENERATE(values<Bug>({
      mismatch("delete_derived_through_base", "operator delete", 48,
               "freed with a size of 4, but allocated with one of 48",
               {.kind = "mismatched-size", .allocated_with = "operator new"}),
      mismatch("delete_array_with_wrong_size", "operator delete[]", 88,
               "freed with a size of 28, but allocated with one of 88",
               {.kind = "mismatched-size", .allocated_with = "operator new[]"}),
      mismatch("free_sized_with_wrong_size", "free_sized", 48, "freed with a size of 47, but allocated with one of 48",
               {.kind = "mismatched-size"}),
      mismatch("free_aligned_sized_with_wrong_size", "free_aligned_sized", 128,
               "freed with a size of 64, but allocated with one of 128",
               {.kind = "mismatched-size", .allocated_with = "aligned_alloc"}),
  })));
}

TEST_CASE("mismatch=off lets them pass", "[mismatch]") {
  for (const char* const program : {"free_of_new", "realloc_of_new", "delete_with_wrong_alignment",
                                    "delete_derived_through_base", "free_sized_of_aligned_alloc"}) {
    check_clean({.program = program, .needs_fencepost = true, .options = "mismatch=off"});
  }
}

TEST_CASE("what a compiler says of sizes is true", "[mismatch]") { check_clean({.program = "clean_sizes_of_cookies"}); }

TEST_CASE("operators of a program's own, that we see but one of, are no mismatch", "[mismatch]") {
  check_clean({.program = "clean_own_operator_new_only"});
  check_clean({.program = "clean_plugin_own_operators"});
  check_clean({.program = "clean_plugin_own_runtime"});
}

}  // namespace
}  // namespace fencepost::endtoend
