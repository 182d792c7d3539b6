// What has been told already.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "base/hash.h"
#include "base/types.h"

namespace fencepost::fault {

/// Names an error, by what is wrong and the calls that led to it.
[[nodiscard]] constexpr std::uint64_t key_of(std::uint64_t what, std::span<const Address> trace) {
  std::uint64_t key = mix(what + 1);
  for (const Address pc : trace) key = mix(key ^ pc);
  return key;
}

/// A set of keys that only grows, for errors after which the program goes on: each is told once. Context:
/// anywhere.
class FirstTimes {
 public:
  constexpr FirstTimes() = default;

  static constexpr Size kCapacity = 1024;

  /// True for a key that was never asked about; false for all that are new when there is no more room.
  [[nodiscard]] bool first(std::uint64_t key) {
    const std::uint64_t wanted = key == 0 ? 1 : key;
    for (Size probe = 0; probe < kCapacity; ++probe) {
      std::uint64_t found = 0;
      if (keys_[(wanted + probe) % kCapacity].compare_exchange_strong(found, wanted)) return true;
      if (found == wanted) return false;
    }
    return false;
  }

 private:
  std::atomic<std::uint64_t> keys_[kCapacity] = {};  ///< 0: free
};

}  // namespace fencepost::fault
