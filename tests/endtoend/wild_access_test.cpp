// Faults that have no block to do with.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

Bug wild(std::string program, std::string action, std::string hint, Bug rest = {}) {
  rest.program = std::move(program);
  rest.kind = "wild-access";
  rest.action = std::move(action);
  rest.hint = std::move(hint);
  if (rest.error.empty()) rest.error = {"use", "main"};
  return rest;
}

TEST_CASE("a fault outside the heap is told with its reason", "[wild_access]") {
  const char* const kNull = "null pointer dereference";
  check_bug(GENERATE_COPY(values<Bug>({
      wild("null_dereference", "WRITE", kNull),
      wild("null_member_read", "READ", kNull),
      wild("null_call", "EXECUTE", kNull, {.error = {"?", "call", "main"}}),
      wild("wild_access", "READ", "nothing is mapped there"),
      wild("non_canonical_access", "ACCESS", "not a canonical one"),
      wild("write_to_constant", "WRITE", "the page does not allow this access"),
      wild("bus_error", "READ", "bus error", {.ending = kDiesOfBusError}),
  })));
}

TEST_CASE("a jump into a live block is told with the block", "[wild_access]") {
  check_bug({.program = "execute_heap_block",
             .kind = "wild-access",
             .action = "EXECUTE",
             .place = inside(0, 4096),
             .error = {"?", "call", "main"},
             .allocation = {"main"}});
}

TEST_CASE("a program that ends itself by a signal dies of it, without a report", "[wild_access]") {
  for (const Setting& setting : all_settings()) {
    for (const auto& [program, ending] : {std::pair{"raised_sigsegv", "signal 11"}, std::pair{"aborted", "signal 6"}}) {
      INFO(program << ", " << describe(setting));
      const support::Outcome outcome = run(program, setting);
      CHECK(outcome.ending() == ending);
      CHECK(outcome.err.empty());
    }
  }
}

}  // namespace
}  // namespace fencepost::endtoend
