#include "fault/own_actions.h"

#include <catch2/catch.hpp>

using namespace fencepost;
using fault::OwnActions;

namespace {

void first(int) {}
void second(int) {}

struct sigaction action_of(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_NODEFER;
  return action;
}

}  // namespace

TEST_CASE("the action is the default until the program sets one", "[fault]") {
  OwnActions actions;
  CHECK(actions.get(SIGSEGV).sa_handler == SIG_DFL);
  CHECK(actions.get(SIGBUS).sa_handler == SIG_DFL);
}

TEST_CASE("set returns the action before, and keeps signals apart", "[fault]") {
  OwnActions actions;
  CHECK(actions.set(SIGSEGV, action_of(first)).sa_handler == SIG_DFL);
  CHECK(actions.set(SIGSEGV, action_of(second)).sa_handler == first);
  CHECK(actions.get(SIGSEGV).sa_handler == second);
  CHECK(actions.get(SIGSEGV).sa_flags == SA_NODEFER);
  CHECK(actions.get(SIGBUS).sa_handler == SIG_DFL);
  CHECK(actions.set(SIGBUS, action_of(first)).sa_handler == SIG_DFL);
  CHECK(actions.get(SIGSEGV).sa_handler == second);
}

TEST_CASE("a reset gives the default back, once", "[fault]") {
  OwnActions actions;
  static_cast<void>(actions.set(SIGSEGV, action_of(first)));
  actions.reset(SIGSEGV);
  CHECK(actions.get(SIGSEGV).sa_handler == SIG_DFL);
  CHECK(actions.get(SIGSEGV).sa_flags == SA_NODEFER);
  CHECK(actions.set(SIGSEGV, action_of(second)).sa_handler == SIG_DFL);
  CHECK(actions.get(SIGSEGV).sa_handler == second);
}
