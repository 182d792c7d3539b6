// Noticing a fork that ran no hooks.
#pragma once

#include <atomic>

#include "base/types.h"

namespace fencepost::os {

/// A byte in a page that the kernel wipes in forked children (MADV_WIPEONFORK, Linux 4.14): clone(2) and
/// _Fork(3) call no pthread_atfork handlers. Where the kernel does not know it, every process looks like its
/// own. Context: anywhere.
class ForkFlag {
 public:
  constexpr ForkFlag() = default;

  /// Once, and in a child after it was noticed. False if there is no memory.
  [[nodiscard]] bool raise();

  /// True in a child that has not raised it again.
  [[nodiscard]] bool forked() const { return page_ != nullptr && page_->load(std::memory_order_relaxed) == 0; }

 private:
  std::atomic<std::uint8_t>* page_ = nullptr;
};

}  // namespace fencepost::os
