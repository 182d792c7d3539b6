// Sizes and alignments that no block can have: a warning for each place, and the call fails as it always did.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/clean.h"
#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

Bug warning(std::string program, std::string action, std::string hint, std::string ending = kGoesOn,
            std::string options = {}) {
  const bool is_alignment = action.find("at a multiple of") != std::string::npos;
  return {.program = std::move(program),
          .kind = is_alignment ? "invalid-alignment" : "allocation-size-overflow",
          .action = std::move(action),
          .error = {"ask", "main"},
          .ending = std::move(ending),
          .hint = std::move(hint),
          .options = std::move(options)};
}

const char* const kNegative = "as a signed number that is -";
const char* const kPower = "an alignment is a power of two";

TEST_CASE("a size that overflows is told, once, and the program goes on", "[arguments]") {
  check_bug(GENERATE_COPY(values<Bug>({
      warning("malloc_of_negative_size", "malloc of 18446744073709551574 bytes", "as a signed number that is -42"),
      warning("realloc_to_negative_size", "realloc of 18446744073709551615 bytes", kNegative),
      warning("new_of_negative_size", "operator new of 18446744073709551614 bytes", kNegative),
      warning("calloc_of_overflowing_product", "calloc of 1152921504606846977 times 16 bytes", "the product"),
      warning("reallocarray_of_overflowing_product", "reallocarray of 1152921504606846977 times 16 bytes",
              "the product"),
      warning("new_array_of_too_many", "operator new[] of too many elements", ""),
  })));
}

TEST_CASE("an alignment that there is not is told, and the program goes on", "[arguments]") {
  check_bug(GENERATE_COPY(values<Bug>({
      warning("aligned_alloc_at_24", "aligned_alloc of 100 bytes at a multiple of 24", kPower),
      warning("posix_memalign_at_4", "posix_memalign of 100 bytes at a multiple of 4", "sizeof(void*)"),
      warning("new_at_48", "aligned operator new of 100 bytes at a multiple of 48", kPower),
  })));
}

TEST_CASE("it is told with its calls though none are kept", "[arguments]") {
  check_bug(warning("malloc_of_negative_size", "malloc of 18446744073709551574 bytes", kNegative, kGoesOn, "depth=0"));
}

TEST_CASE("bad_argument=die makes it an error", "[arguments]") {
  const std::string die = "bad_argument=die";
  check_bug(GENERATE_COPY(values<Bug>({
      warning("malloc_of_negative_size", "malloc of 18446744073709551574 bytes", kNegative, kAborts, die),
      warning("new_array_of_too_many", "operator new[] of too many elements", "", kAborts, die),
      warning("aligned_alloc_at_24", "aligned_alloc of 100 bytes at a multiple of 24", kPower, kAborts, die),
      warning("aligned_alloc_at_24", "aligned_alloc of 100 bytes at a multiple of 24", kPower, "exit 7",
              die + ":on_error=exit:exitcode=7"),
  })));
}

TEST_CASE("bad_argument=ignore says nothing", "[arguments]") {
  for (const char* const program :
       {"malloc_of_negative_size", "realloc_to_negative_size", "new_of_negative_size", "calloc_of_overflowing_product",
        "reallocarray_of_overflowing_product", "new_array_of_too_many", "aligned_alloc_at_24", "posix_memalign_at_4",
        "new_at_48"}) {
    check_clean({.program = program, .options = "bad_argument=ignore"});
  }
}

}  // namespace
}  // namespace fencepost::endtoend
