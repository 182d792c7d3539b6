#include "suppression/ready_made.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace fencepost;
using namespace fencepost::suppression;

namespace {

std::string ready_made(const std::vector<Frame>& frames) {
  TextBuffer<2048> out;
  write_ready_made(out, "use-after-free", frames);
  return std::string(out.view());
}

/// True if the line, read again, suppresses what it was made for.
bool holds(const std::string& line, const std::vector<Frame>& frames) {
  Rule room[1];
  Rules rules;
  rules.set_room(room, 1);
  rules.add(line, "file", [](std::string_view complaint) { FAIL(complaint); });
  rules.begin("use-after-free");
  for (const Frame& frame : frames) rules.show(frame);
  return rules.met() != nullptr;
}

Frame frame(std::string_view function, std::string_view module) { return {.function = function, .module = module}; }

}  // namespace

TEST_CASE("a ready-made suppression names the innermost functions up to main", "[suppression]") {
  CHECK(ready_made({frame("fill", "/lib/liba.so"), frame("main", "/bin/p"), frame("start", "/lib/libc.so")}) ==
        "use-after-free function=fill function=main module=p");
  CHECK(ready_made({frame("a", "/l"), frame("b", "/l"), frame("c", "/m"), frame("d", "/n")}) ==
        "use-after-free function=a function=b function=c module=m");
  CHECK(ready_made({frame("recurse", "/l"), frame("recurse", "/l"), frame("recurse", "/l")}) ==
        "use-after-free function=recurse module=l");
  CHECK(ready_made({frame("", "/lib/liba.so")}) == "use-after-free module=liba.so");
  CHECK(ready_made({frame("", "")}) == "use-after-free");
  CHECK(ready_made({}) == "use-after-free");
}

TEST_CASE("whatever the names are, the suppression holds", "[suppression]") {
  const std::string long_name(3000, 'x');
  for (const std::vector<Frame>& frames : std::vector<std::vector<Frame>>{
           {frame("fill", "/lib/liba.so"), frame("main", "/bin/p")},
           {frame("a b\tc#d=e:f", "/opt/my app/lib x.so")},
           {frame("main.(*T).Method", "/bin/go?")},
           {frame("gr\xc3\xb6\xc3\x9f"
                  "e",
                  "/bin/\x01\x7f\xff")},
           {frame(long_name, "/bin/p")},
           {frame("", "/ends/with/")},
           {frame("_ZN3foo3barEv", ""), frame("", "/bin/p")},
       }) {
    const std::string line = ready_made(frames);
    INFO(line);
    CHECK(holds(line, frames));
    CHECK(line.size() < 1000);
  }
}
