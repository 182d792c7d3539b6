#include "heap/slack.h"

#include <algorithm>

namespace fencepost::heap {

namespace {

Range slack_before(const record::BlockRecord& block) { return {block.data().begin, block.address}; }
Range slack_after(const record::BlockRecord& block) { return {block.bytes().end, block.data().end}; }

void describe(Range slack, std::uint8_t pattern, record::SlackDamage& damage) {
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
}

bool is_intact(Range range, const Pattern& pattern, record::SlackDamage& damage) {
  if (pattern.holds(range)) return true;
  describe(range, pattern.byte(), damage);
  return false;
}

}  // namespace

void fill_slack(const record::BlockRecord& block, const Pattern& pattern) {
  pattern.fill(slack_before(block));
  pattern.fill(slack_after(block));
}

bool slack_is_intact(const record::BlockRecord& block, const Pattern& pattern, record::SlackDamage& damage) {
  return is_intact(slack_after(block), pattern, damage) && is_intact(slack_before(block), pattern, damage);
}

void fill_poison(const record::BlockRecord& block, const Pattern& poison) { poison.fill(block.bytes()); }

bool poison_is_intact(const record::BlockRecord& block, const Pattern& poison, record::SlackDamage& damage) {
  return is_intact(block.bytes(), poison, damage);
}

}  // namespace fencepost::heap
