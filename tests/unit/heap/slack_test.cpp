#include "heap/slack.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "os/pages.h"
#include "support.h"

using namespace fencepost;
using heap::fill_slack;
using heap::slack_is_intact;
using record::BlockRecord;
using record::SlackDamage;
using test::byte_at;

namespace {

constexpr std::uint8_t kPattern = 0xfd;
constexpr char kContents = 0x11;

/// Two open pages with a block that begins in the first.
class Slot {
 public:
  Slot(Size offset, Size size, std::uint8_t pattern = kPattern)
      : pages_(os::map_memory(2 * kPageSize)),
        block_{.address = pages_.begin + offset, .size = size, .data_pages = 2, .state = record::BlockState::live},
        pattern_(pattern) {
    for (Address at = pages_.begin; at < pages_.end; ++at) byte_at(at) = kContents;
    fill_slack(block_, pattern_);
  }
  ~Slot() { os::give_back(pages_); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  [[nodiscard]] const BlockRecord& block() const { return block_; }
  [[nodiscard]] Range pages() const { return pages_; }
  [[nodiscard]] bool is_intact() { return slack_is_intact(block_, pattern_); }
  [[nodiscard]] SlackDamage damage() const { return heap::slack_damage(block_, pattern_); }
  void flip(Address at) { byte_at(at) = static_cast<char>(byte_at(at) ^ 0x80); }

 private:
  Range pages_;
  BlockRecord block_;
  heap::Pattern pattern_;
};

}  // namespace

TEST_CASE("slack is filled on both sides, and the block is left alone", "[heap]") {
  Slot slot(100, 5000);
  int wrong = 0;
  for (Address at = slot.pages().begin; at < slot.pages().end; ++at) {
    const char expected = slot.block().bytes().contains(at) ? kContents : static_cast<char>(kPattern);
    wrong += byte_at(at) == expected ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(slot.is_intact());
}

TEST_CASE("every single byte of slack is watched, and no byte of the block", "[heap]") {
  for (const auto& [offset, size] : {std::pair<Size, Size>{13, 8100}, {0, 8191}, {4095, 4097}, {4090, 13}}) {
    Slot slot(offset, size);
    int wrong = 0;
    for (Address at = slot.pages().begin; at < slot.pages().end; ++at) {
      slot.flip(at);
      const bool in_block = slot.block().bytes().contains(at);
      const bool intact = slot.is_intact();
      const bool described = intact || slot.damage().changed == Range{at, at + 1};
      wrong += intact == in_block && described ? 0 : 1;
      slot.flip(at);
    }
    CAPTURE(offset, size);
    CHECK(wrong == 0);
  }
}

TEST_CASE("damage is described from its first to its last byte, with what is there now", "[heap]") {
  Slot slot(0, 8000);
  const Address end = slot.block().bytes().end;
  byte_at(end + 3) = 'a';
  byte_at(end + 5) = 'b';
  byte_at(end + 40) = 'c';
  REQUIRE_FALSE(slot.is_intact());
  const SlackDamage damage = slot.damage();
  CHECK(damage.changed == Range{end + 3, end + 41});
  CHECK(damage.count == 3);
  CHECK(damage.pattern == kPattern);
  REQUIRE(damage.sample_size == SlackDamage::kSampleSize);
  CHECK(damage.sample[0] == 'a');
  CHECK(damage.sample[1] == kPattern);
  CHECK(damage.sample[2] == 'b');
  CHECK(damage.sample[15] == kPattern);
}

TEST_CASE("a sample ends with the slack", "[heap]") {
  Slot slot(0, 8000);
  byte_at(slot.pages().end - 4) = 'x';
  REQUIRE_FALSE(slot.is_intact());
  CHECK(slot.damage().sample_size == 4);
  Slot before(20, 8000);
  byte_at(before.block().address - 2) = 'y';
  REQUIRE_FALSE(before.is_intact());
  CHECK(before.damage().sample_size == 2);
  CHECK(before.damage().sample[0] == 'y');
}

TEST_CASE("of damage on both sides the one after the block is told", "[heap]") {
  Slot slot(100, 5000);
  slot.flip(slot.block().address - 1);
  slot.flip(slot.block().bytes().end);
  REQUIRE_FALSE(slot.is_intact());
  CHECK(slot.damage().changed.begin == slot.block().bytes().end);
}

TEST_CASE("any byte can be the pattern", "[heap]") {
  for (const std::uint8_t pattern : {std::uint8_t{0}, std::uint8_t{0x7f}, std::uint8_t{0xff}}) {
    Slot slot(100, 5000, pattern);
    CHECK(slot.is_intact());
    slot.flip(slot.pages().begin);
    CHECK_FALSE(slot.is_intact());
    CHECK(slot.damage().pattern == pattern);
  }
}

TEST_CASE("a block that fills its pages, or has none, has no slack", "[heap]") {
  Slot slot(0, 2 * kPageSize);
  CHECK(slot.is_intact());
  const BlockRecord none{.address = 0x6000, .size = 0, .data_pages = 0, .state = record::BlockState::live};
  const heap::Pattern pattern(kPattern);
  fill_slack(none, pattern);
  CHECK(slack_is_intact(none, pattern));
}
