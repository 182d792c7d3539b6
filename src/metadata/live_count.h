// How many blocks or pages are alive, counted without a shared cache line on every operation.
#pragma once

#include <atomic>
#include <cstdint>

namespace fencepost::metadata {

/// The sum, as far as threads have told it, and the highest it has been. Context: malloc, any thread.
class LiveCount {
 public:
  constexpr LiveCount() = default;

  [[nodiscard]] std::int64_t now() const { return now_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t peak() const { return peak_.load(std::memory_order_relaxed); }

 private:
  friend class LiveDelta;

  std::atomic<std::int64_t> now_{0};
  std::atomic<std::int64_t> peak_{0};
};

/// One thread's part: told in steps, so that the peak is exact for one thread and off by at most a step for
/// each further one. Used by one thread at a time.
class LiveDelta {
 public:
  void born(LiveCount& count, std::int64_t n = 1) {
    delta_ += n;
    if (delta_ > highest_) highest_ = delta_;
    if (delta_ >= kStep) tell(count);
  }
  void died(LiveCount& count, std::int64_t n = 1) {
    delta_ -= n;
    if (delta_ <= -kStep) tell(count);
  }
  void tell(LiveCount& count) {
    const std::int64_t before = count.now_.fetch_add(delta_, std::memory_order_relaxed);
    std::int64_t peak = count.peak();
    while (before + highest_ > peak &&
           !count.peak_.compare_exchange_weak(peak, before + highest_, std::memory_order_relaxed)) {
    }
    delta_ = highest_ = 0;
  }

 private:
  static constexpr std::int64_t kStep = 64;

  std::int64_t delta_ = 0;
  std::int64_t highest_ = 0;
};

}  // namespace fencepost::metadata
