// Hands blocks from one thread to another.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <thread>

namespace fencepost::benchmarks {

/// A bounded queue for one thread that pushes and one that pops. Neither sleeps: whoever has to wait offers
/// the processor to others.
class Ring {
 public:
  void push(char* block) {
    const std::size_t at = pushed_.load(std::memory_order_relaxed);
    while (at - popped_.load(std::memory_order_acquire) == kSlots) std::this_thread::yield();
    blocks_[at % kSlots] = block;
    pushed_.store(at + 1, std::memory_order_release);
  }

  [[nodiscard]] char* pop() {
    const std::size_t at = popped_.load(std::memory_order_relaxed);
    while (pushed_.load(std::memory_order_acquire) == at) std::this_thread::yield();
    char* const block = blocks_[at % kSlots];
    popped_.store(at + 1, std::memory_order_release);
    return block;
  }

 private:
  static constexpr std::size_t kSlots = 1024;

  std::array<char*, kSlots> blocks_{};
  alignas(64) std::atomic<std::size_t> pushed_{0};
  alignas(64) std::atomic<std::size_t> popped_{0};
};

}  // namespace fencepost::benchmarks
