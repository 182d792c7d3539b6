// What a program may ask of Fencepost by include/fencepost/.
#include <catch2/catch.hpp>

#include "endtoend/bug.h"
#include "endtoend/flavours.h"

namespace fencepost::endtoend {
namespace {

TEST_CASE("fencepost_check_all tells each damage once, and the program goes on", "[api]") {
  check_bug({.program = "slack_found_by_check",
             .kind = "slack-overwritten",
             .action = "found by fencepost_check_all",
             .place = after(0, 13),
             .error = {"check", "main"},
             .allocation = {"main"},
             .ending = kGoesOn,
             .hint = "align=1",
             .bytes = {"01", "fd", "fd"},
             .changed = 1});
}

TEST_CASE("fencepost_check_all fences what is pending", "[api]") {
  Bug bug{.program = "poison_found_by_check",
          .kind = "use-after-free",
          .action = "found by fencepost_check_all",
          .place = freed(inside(7, 48)),
          .error = {"check", "main"},
          .allocation = {"main"},
          .release = {"main"},
          .ending = kGoesOn,
          .hint = "fence=now",
          .bytes = {"01", "dd"},
          .changed = 1,
          .options = "fence=batch"};
  std::vector<Setting> batching;
  std::vector<Setting> others;
  for (const Setting& setting : all_settings()) (setting.engine == "mprotect" ? others : batching).push_back(setting);
  check_bug(bug, batching);
  // This engine never puts a fence off.
  bug.action = "WRITE";
  bug.error = {"main"};
  bug.ending = kDiesOfFault;
  bug.hint = {};
  bug.bytes = {};
  bug.changed = 0;
  check_bug(bug, others);
}

TEST_CASE("a program links with the public headers and without Fencepost", "[api]") {
  const support::Outcome plain = run_plain("clean_api");
  CHECK(plain.ending() == "exit 0");
  CHECK(plain.out == "active 0, found 0\n");
  for (const Setting& setting : all_settings()) {
    INFO(describe(setting));
    CHECK(run("clean_api", setting).out == "active 1, found 0\n");
    CHECK(run("clean_api", {"none", setting.flavour}).out == "active 0, found 0\n");
    CHECK(run("clean_api", setting).err.empty());
  }
}

}  // namespace
}  // namespace fencepost::endtoend
