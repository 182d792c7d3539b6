// The bytes of a slot's pages that are not the block's: filled when it is born, compared when it dies.
#pragma once

#include "base/range.h"
#include "base/types.h"
#include "heap/pattern.h"
#include "record/block_record.h"
#include "record/fault_record.h"

namespace fencepost::heap {

[[nodiscard]] constexpr Range slack_before(const record::BlockRecord& block) {
  return {block.data().begin, block.address};
}
[[nodiscard]] constexpr Range slack_after(const record::BlockRecord& block) {
  return {block.bytes().end, block.data().end};
}

/// Fills the slack on both sides of the block. Its pages are open.
inline void fill_slack(const record::BlockRecord& block, const Pattern& pattern) {
  pattern.fill(slack_before(block));
  pattern.fill(slack_after(block));
}

/// True if all slack still holds `pattern`. Its pages are open.
[[nodiscard]] inline bool slack_is_intact(const record::BlockRecord& block, const Pattern& pattern) {
  return pattern.holds(slack_after(block)) && pattern.holds(slack_before(block));
}

/// What changed in slack that is not intact: on one side of the block, the one after it first.
[[nodiscard, gnu::noinline]] record::SlackDamage slack_damage(const record::BlockRecord& block, const Pattern& pattern);

/// The same for a freed block that is not fenced yet, which is filled all over.
inline void fill_poison(const record::BlockRecord& block, const Pattern& poison) { poison.fill(block.bytes()); }
[[nodiscard]] inline bool poison_is_intact(const record::BlockRecord& block, const Pattern& poison) {
  return poison.holds(block.bytes());
}
[[nodiscard, gnu::noinline]] record::SlackDamage poison_damage(const record::BlockRecord& block, const Pattern& poison);

}  // namespace fencepost::heap
