// A lock that sleeps in the kernel.
#pragma once

#include <atomic>
#include <cstdint>

namespace fencepost::os {

/// Three-state futex lock (U. Drepper, "Futexes Are Tricky", 2011, mutex 2). Constant-initialised, not
/// recursive. Context: malloc; never a signal handler that may interrupt its holder.
class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock();
  void unlock();
  /// In a forked child: the holder, if there was one, does not exist here.
  void reset() { state_.store(kFree, std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t kFree = 0, kHeld = 1, kContended = 2;
  std::atomic<std::uint32_t> state_{kFree};
};

class MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace fencepost::os
