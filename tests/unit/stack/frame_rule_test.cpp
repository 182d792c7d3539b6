#include "stack/frame_rule.h"

#include <catch2/catch.hpp>

using fencepost::stack::FrameRule;
using Kind = FrameRule::Kind;

TEST_CASE("a rule packs into a word and comes back", "[stack]") {
  const FrameRule rules[] = {{},
                             {Kind::outermost},
                             {Kind::stack_pointer, 8},
                             {Kind::stack_pointer, 4096 + 16, 24},
                             {Kind::frame_pointer, 16, 16},
                             {Kind::stack_pointer, FrameRule::kMostCfaOffset, FrameRule::kMostSavedBelow},
                             {Kind::frame_pointer, FrameRule::kMostCfaOffset, 0}};
  for (const FrameRule& rule : rules) CHECK(FrameRule::unpack(rule.pack()) == rule);
}
