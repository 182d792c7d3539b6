#include "base/panic.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstring>

#include "support.h"

using namespace fencepost;

namespace {

void exit_if_told(const char* phrase) { _exit(std::strcmp(phrase, "the promise") == 0 ? 7 : 8); }
void do_nothing(const char*) {}

bool trapped(const test::ChildEnd& end) { return end.died_of(SIGILL) || end.died_of(SIGTRAP); }

}  // namespace

TEST_CASE("panic gives its phrase to the handler", "[base]") {
  const auto end = test::in_child([] {
    set_panic_handler(exit_if_told);
    panic("the promise");
  });
  CHECK(end.exited_with(7));
}

TEST_CASE("panic traps when the handler returns, and without one", "[base]") {
  CHECK(trapped(test::in_child([] {
    set_panic_handler(do_nothing);
    panic("the promise");
  })));
  CHECK(trapped(test::in_child([] {
    set_panic_handler(nullptr);
    panic("the promise");
  })));
}
