#include "heap/slack.h"

#include <algorithm>
#include <cstring>

namespace fencepost::heap {

namespace {

Range slack_before(const record::BlockRecord& block) { return {block.data().begin, block.address}; }
Range slack_after(const record::BlockRecord& block) { return {block.bytes().end, block.data().end}; }

std::uint8_t* bytes_at(Address address) { return reinterpret_cast<std::uint8_t*>(address); }

/// Every byte equals the one before it, and the first one the pattern: memcmp goes through a page of slack, which
/// nearly always is intact, faster than any loop of our own.
bool holds(Range range, std::uint8_t pattern) {
  if (range.empty()) return true;
  const std::uint8_t* const begin = bytes_at(range.begin);
  return *begin == pattern && std::memcmp(begin, begin + 1, range.size() - 1) == 0;
}

void describe(Range slack, std::uint8_t pattern, record::SlackDamage& damage) {
  const auto changed = [pattern](std::uint8_t byte) { return byte != pattern; };
  const std::uint8_t* const begin = bytes_at(slack.begin);
  const std::uint8_t* const end = bytes_at(slack.end);
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

bool is_intact(Range range, std::uint8_t pattern, record::SlackDamage& damage) {
  if (holds(range, pattern)) return true;
  describe(range, pattern, damage);
  return false;
}

}  // namespace

void fill(Range range, std::uint8_t pattern) { std::memset(bytes_at(range.begin), pattern, range.size()); }

void fill_slack(const record::BlockRecord& block, std::uint8_t pattern) {
  fill(slack_before(block), pattern);
  fill(slack_after(block), pattern);
}

bool slack_is_intact(const record::BlockRecord& block, std::uint8_t pattern, record::SlackDamage& damage) {
  return is_intact(slack_after(block), pattern, damage) && is_intact(slack_before(block), pattern, damage);
}

void fill_poison(const record::BlockRecord& block, std::uint8_t poison) { fill(block.bytes(), poison); }

bool poison_is_intact(const record::BlockRecord& block, std::uint8_t poison, record::SlackDamage& damage) {
  return is_intact(block.bytes(), poison, damage);
}

}  // namespace fencepost::heap
