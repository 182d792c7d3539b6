// Which findings are not to be told, because a suppression says so.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "base/types.h"
#include "base/writer.h"
#include "fault/sources.h"
#include "record/finding.h"
#include "report/frame_namer.h"
#include "suppression/rules.h"

namespace fencepost::fault {

/// Holds findings against the rules, and remembers what came of it: the next time, the same finding with the
/// same traces costs a look into a table.
class Suppressor {
 public:
  constexpr Suppressor(const Sources& sources, report::FindModule find_module)
      : sources_(sources), find_module_(find_module) {}

  /// Context: start-up.
  void set_rules(suppression::Rules& rules) { rules_ = &rules; }
  [[nodiscard]] bool has_rules() const { return rules_ != nullptr; }

  /// Names a finding by all that may decide about it: its kind and its traces. `fault` need not have been
  /// located: what is of no block has one kind for each trace.
  [[nodiscard]] std::uint64_t key_of(const record::FaultRecord& fault, std::span<const Address> trace) const;

  enum class Answer : std::uint8_t { unknown, told, suppressed };
  /// What came of it when a finding of this name was last decided about, and counts it if it was suppressed.
  /// Context: anywhere.
  [[nodiscard]] Answer recall(std::uint64_t key);

  /// Holds the finding against the rules, counts it, and remembers that. True if it is suppressed. `trace` is
  /// that of the error. Context: signal, one thread at a time.
  [[nodiscard]] bool decide(const record::FaultRecord& fault, std::span<const Address> trace, std::uint64_t key);

  /// Writes a suppression for the finding, without a line feed. Context: signal, one thread at a time.
  void write_ready_made(const record::Finding& finding, std::span<const Address> trace, Writer& out) const;

  /// Each process counts its own. Context: first thing in a forked child.
  void reset_in_child();

 private:
  struct Job;

  static void run(void* job);
  [[nodiscard]] suppression::Rule* find_rule(const record::FaultRecord& fault, std::span<const Address> trace);
  void show(report::FrameNamer& namer, std::span<const Address> trace, bool first_is_exact);

  /// Answers by name, where a new one takes the place of another. The upper bits of the name, and the answer
  /// below.
  static constexpr Size kRemembered = 2048;
  static constexpr std::uint64_t kAnswerBits = 0xffff;
  static constexpr std::uint64_t kTold = 1, kFirstRule = 2;
  static_assert(kFirstRule + suppression::Rules::kMost <= kAnswerBits);
  [[nodiscard]] std::atomic<std::uint64_t>& place_of(std::uint64_t key) {
    return remembered_[(key >> 16) % kRemembered];
  }

  Sources sources_;
  report::FindModule find_module_;
  suppression::Rules* rules_ = nullptr;
  std::atomic<std::uint64_t> remembered_[kRemembered] = {};
};

}  // namespace fencepost::fault
