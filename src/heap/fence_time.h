// How long fencing takes, from samples.
#pragma once

#include "heap/counter.h"
#include "os/process.h"

namespace fencepost::heap {

/// One thread's fences: all of them counted, one in kEvery timed. Written by its thread alone.
class FenceTime {
 public:
  static constexpr std::uint64_t kEvery = 64;

  template <typename Fence>
  void measure(Fence fence) {
    fences_.add(1);
    if (fences_.get() % kEvery != 0) return fence();
    const std::uint64_t begin = os::nanoseconds();
    fence();
    sampled_.add(os::nanoseconds() - begin);
  }

  [[nodiscard]] std::uint64_t fences() const { return fences_.get(); }
  /// Of all fences, extrapolated.
  [[nodiscard]] std::uint64_t nanoseconds() const { return sampled_.get() * kEvery; }

 private:
  Counter fences_;
  Counter sampled_;
};

/// Whether fences took so much of the time of all processors, in nanoseconds, and so long each, that telling the
/// processors of other threads once for many of them would be worth it.
[[nodiscard]] constexpr bool batches_would_help(std::uint64_t fences, std::uint64_t fencing, std::uint64_t all) {
  constexpr std::uint64_t kUndisturbed = 5000;  // a fence that no other processor needs to hear of takes 1 to 3 µs
  constexpr std::uint64_t kLongRun = 1000000000;
  return all >= kLongRun && fencing >= all / 4 && fencing >= fences * kUndisturbed;
}

}  // namespace fencepost::heap
