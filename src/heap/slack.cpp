#include "heap/slack.h"

#include <algorithm>

namespace fencepost::heap {

namespace {

record::SlackDamage damage_in(Range slack, std::uint8_t pattern) {
  record::SlackDamage damage;
  const auto changed = [pattern](std::uint8_t byte) { return byte != pattern; };
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(slack.begin);
  const auto* const end = reinterpret_cast<const std::uint8_t*>(slack.end);
  const std::uint8_t* const first = std::find_if(begin, end, changed);
  const std::uint8_t* last = end;
  while (last > first && !changed(last[-1])) --last;
  damage.changed = {reinterpret_cast<Address>(first), reinterpret_cast<Address>(last)};
  damage.count = static_cast<std::uint64_t>(std::count_if(first, last, changed));
  damage.pattern = pattern;
  damage.sample_size =
      static_cast<std::uint8_t>(std::min(static_cast<Size>(end - first), record::SlackDamage::kSampleSize));
  std::copy_n(first, damage.sample_size, damage.sample);
  return damage;
}

}  // namespace

record::SlackDamage slack_damage(const record::BlockRecord& block, const Pattern& pattern) {
  const Range after = slack_after(block);
  return damage_in(pattern.holds(after) ? slack_before(block) : after, pattern.byte());
}

record::SlackDamage poison_damage(const record::BlockRecord& block, const Pattern& poison) {
  return damage_in(block.bytes(), poison.byte());
}

}  // namespace fencepost::heap
