// Slack and poison: every changed byte is found and described, no other is.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "heap/slack.h"
#include "property.h"

using namespace fencepost;
using fuzz::must_hold;
using record::BlockRecord;
using record::SlackDamage;

namespace {

constexpr Size kMostPages = 3;

struct Pages {
  alignas(kPageSize) std::uint8_t bytes[kMostPages * kPageSize];
};

std::uint8_t byte_at(Address address) { return *reinterpret_cast<const std::uint8_t*>(address); }

/// Compares what is told of `part` with what is in it. True if it is intact.
bool check_part(Range part, std::uint8_t pattern, const SlackDamage& damage, bool told_intact) {
  std::vector<Address> changed;
  for (Address at = part.begin; at < part.end; ++at) {
    if (byte_at(at) != pattern) changed.push_back(at);
  }
  if (changed.empty()) return true;
  must_hold(!told_intact, "a changed byte is found");
  must_hold(damage.changed == Range{changed.front(), changed.back() + 1}, "from the first changed byte to the last");
  must_hold(damage.count == changed.size(), "changed bytes are counted");
  must_hold(damage.pattern == pattern, "the pattern is told");
  must_hold(damage.sample_size == std::min<Size>(SlackDamage::kSampleSize, part.end - changed.front()),
            "the sample ends with the part");
  must_hold(std::memcmp(damage.sample, reinterpret_cast<const void*>(changed.front()), damage.sample_size) == 0,
            "the sample is what is there");
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t length) {
  FuzzedDataProvider input(data, length);
  const auto pages = input.ConsumeIntegralInRange<std::uint32_t>(1, kMostPages);
  const auto pattern = input.ConsumeIntegral<std::uint8_t>();
  const auto offset = input.ConsumeIntegralInRange<Size>(0, kPageSize - 1);
  const auto size = input.ConsumeIntegralInRange<Size>(0, pages * kPageSize - offset);

  // What lies around the slot is no business of it.
  const auto memory = std::make_unique<Pages>();
  const auto slot = reinterpret_cast<Address>(memory->bytes);
  std::memset(memory->bytes, pattern ^ 0xff, sizeof memory->bytes);
  const BlockRecord block{
      .address = slot + offset, .size = size, .data_pages = pages, .state = record::BlockState::live};
  const Range before{slot, block.address}, after{block.bytes().end, block.data().end};

  const heap::Pattern page(pattern);
  heap::fill_slack(block, page);
  must_hold(heap::slack_is_intact(block, page), "filled slack is intact");
  heap::fill_poison(block, page);
  must_hold(heap::poison_is_intact(block, page), "filled poison is intact");
  must_hold(
      std::all_of(memory->bytes, memory->bytes + pages * kPageSize, [=](std::uint8_t b) { return b == pattern; }) &&
          std::all_of(memory->bytes + pages * kPageSize, memory->bytes + sizeof memory->bytes,
                      [=](std::uint8_t b) { return b == (pattern ^ 0xff); }),
      "all of the slot is filled, and nothing else");

  for (int writes = input.ConsumeIntegralInRange(0, 20); writes > 0; --writes) {
    memory->bytes[input.ConsumeIntegralInRange<Size>(0, sizeof memory->bytes - 1)] =
        input.ConsumeIntegral<std::uint8_t>();
  }
  const bool intact = heap::slack_is_intact(block, page);
  const SlackDamage damage = intact ? SlackDamage{} : heap::slack_damage(block, page);
  must_hold(intact == (check_part(after, pattern, damage, intact) && check_part(before, pattern, damage, intact)),
            "slack that was not written is intact");
  const bool poisoned = heap::poison_is_intact(block, page);
  const SlackDamage written = poisoned ? SlackDamage{} : heap::poison_damage(block, page);
  must_hold(poisoned == check_part(block.bytes(), pattern, written, poisoned), "poison that was not written is intact");
  return 0;
}
