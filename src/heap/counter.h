// A number that one thread writes and others read.
#pragma once

#include <atomic>
#include <cstdint>

namespace fencepost::heap {

/// Written by its thread alone, read by the one that sums them up: relaxed atomics,
/// never a read-modify-write instruction.
class Counter {
 public:
  void add(std::uint64_t n) { value_.store(get() + n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace fencepost::heap
