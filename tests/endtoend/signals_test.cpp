// A program's own signal handling works beside Fencepost's.
#include <catch2/catch.hpp>

#include "endtoend/clean.h"

namespace fencepost::endtoend {
namespace {

TEST_CASE("a program's handler gets its own faults", "[signals]") {
  check_clean(GENERATE(values<Clean>({
      {.program = "clean_handler_siglongjmp"},
      {.program = "clean_handler_protects_live_block"},
      {.program = "clean_handler_write_barrier"},
      {.program = "clean_handler_resethand"},
      {.program = "clean_handler_mask"},
      {.program = "clean_handler_on_own_stack"},
      {.program = "clean_handler_nested"},
      {.program = "clean_handler_deep"},
      {.program = "clean_handler_sigbus"},
      {.program = "clean_handler_raised"},
  })));
}

TEST_CASE("handlers see what they would see, whatever their flags, stack and thread", "[signals]") {
  check_same_output("every_handler");
  check_same_output("every_handler", "on_error=continue");
}

TEST_CASE("an ignored SIGSEGV that is only sent is ignored", "[signals]") {
  check_clean({.program = "clean_ignored_sigsegv"});
}

TEST_CASE("sigaction and signal answer as the C library's do", "[signals]") { check_same_output("clean_signal_table"); }

TEST_CASE("signal masks are as without Fencepost, but for SIGSEGV and SIGBUS", "[signals]") {
  check_same_output("clean_mask_table");
}

}  // namespace
}  // namespace fencepost::endtoend
