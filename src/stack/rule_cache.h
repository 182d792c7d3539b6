// Frame rules that were looked up before.
#pragma once

#include <atomic>

#include "base/types.h"
#include "stack/frame_rule.h"
#include "stack/module_list.h"

namespace fencepost::stack {

/// Maps return addresses to rules: two ways to a set, a word each, exact and lock-free. Context: malloc, any
/// thread.
class RuleCache {
 public:
  /// `modules` learns of every module that a rule came from.
  constexpr explicit RuleCache(ModuleList& modules) : modules_(modules) {}

  /// Once, before any other call. False if there is no memory.
  [[nodiscard]] bool reserve();

  /// The rule, from here or from the unwind tables (see find_frame_rule: to be run in os::attempt).
  [[nodiscard]] FrameRule find(Address return_address) {
    const Key key = key_of(return_address);
    for (const auto& way : sets_[key.set].ways) {
      const std::uint64_t entry = way.load(std::memory_order_relaxed);
      if (entry >> 32 == key.tag) return FrameRule::unpack(static_cast<std::uint32_t>(entry));
    }
    return look_up(return_address);
  }

  /// Changes when rules are forgotten.
  [[nodiscard]] std::uint32_t generation() const { return generation_.load(std::memory_order_acquire); }

  /// Forgets all of them: a module is gone, and another one may come to its addresses.
  void clear();

 private:
  static constexpr unsigned kSetBits = 15;
  static constexpr Size kSets = Size{1} << kSetBits;

  struct Set {
    std::atomic<std::uint64_t> ways[2];  ///< tag, then packed rule; 0: empty
  };
  struct Key {
    Size set;
    std::uint64_t tag;
  };

  /// Set and tag together give the address back, so that a hit is certain. Addresses have 47 bits, and none
  /// of code is below 64 KiB: no tag is 0.
  [[nodiscard]] static constexpr Key key_of(Address address) {
    const Address high = address >> kSetBits;
    return {(address ^ high ^ (high >> kSetBits)) & (kSets - 1), high & 0xffffffff};
  }

  [[gnu::noinline]] FrameRule look_up(Address return_address);

  ModuleList& modules_;
  std::atomic<std::uint32_t> generation_{0};
  Set* sets_ = nullptr;  ///< kSets of them
};

}  // namespace fencepost::stack
