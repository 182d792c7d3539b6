// What has been told already.
#pragma once

#include <atomic>

#include "base/hash.h"
#include "base/types.h"

namespace fencepost::fault {

/// A set of keys that grows up to a bound. Context: anywhere, any thread.
class Told {
 public:
  static constexpr Size kCapacity = 512;

  constexpr Told() = default;

  /// True for the first call with this key, which is not 0. When the set is full every new key passes for told:
  /// whoever makes so many different errors has enough to read.
  [[nodiscard]] bool add(std::uint64_t key) {
    const Size home = mix(key) % kCapacity;
    for (Size step = 0; step < kCapacity; ++step) {
      std::uint64_t there = 0;
      if (keys_[(home + step) % kCapacity].compare_exchange_strong(there, key, std::memory_order_relaxed)) return true;
      if (there == key) return false;
    }
    return false;
  }

 private:
  std::atomic<std::uint64_t> keys_[kCapacity] = {};
};

}  // namespace fencepost::fault
